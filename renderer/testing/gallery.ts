/** `npx vite --config vite.config.mjs`, then /gallery.html: every component to look at. Not part of the build. */
import { mount } from 'svelte';
import '../state/theme.svelte';
import '../styles/all';
import Gallery from './Gallery.svelte';

const target = document.getElementById('app');
if (target) mount(Gallery, { target });
