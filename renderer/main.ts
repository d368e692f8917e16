import { mount } from 'svelte';
import App from './App.svelte';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/input.css';
import './styles/range.css';
import './styles/tooltip.css';

const target = document.getElementById('app');
if (target) mount(App, { target });
