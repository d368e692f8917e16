import { mount } from 'svelte';
import Root from './Root.svelte';
import './styles/all';

const target = document.getElementById('app');
if (target) mount(Root, { target });
