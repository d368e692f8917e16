/** The views, in the order of the rail. To add one: a folder here with its component, an entry, a callout in shell/doors.ts. */
import Activity from '@lucide/svelte/icons/activity';
import Boxes from '@lucide/svelte/icons/boxes';
import Database from '@lucide/svelte/icons/database';
import Mountain from '@lucide/svelte/icons/mountain';
import Shield from '@lucide/svelte/icons/shield';
import Sparkles from '@lucide/svelte/icons/sparkles';
import type { Component } from 'svelte';
import type { Icon } from '../components/icon';

export interface View {
  readonly id: string;
  readonly title: string;
  readonly icon: Icon;
  readonly key: string;
  readonly summary: string;
  readonly load: () => Promise<{ default: Component }>;
}

export const views: readonly View[] = [
  {
    id: 'datasets',
    title: 'Datasets',
    icon: Database,
    key: '1',
    summary: 'Browse the images of a dataset',
    load: () => import('./datasets/DatasetsView.svelte'),
  },
  {
    id: 'train',
    title: 'Train',
    icon: Activity,
    key: '2',
    summary: 'Start runs and watch them',
    load: () => import('./train/TrainView.svelte'),
  },
  {
    id: 'generate',
    title: 'Generate',
    icon: Sparkles,
    key: '3',
    summary: 'Walk down the energy to new images',
    load: () => import('./generate/GenerateView.svelte'),
  },
  {
    id: 'energy',
    title: 'Energy',
    icon: Mountain,
    key: '4',
    summary: 'See the landscape around an image',
    load: () => import('./energy/EnergyView.svelte'),
  },
  {
    id: 'attack',
    title: 'Attack',
    icon: Shield,
    key: '5',
    summary: 'Measure accuracy under attack',
    load: () => import('./attack/AttackView.svelte'),
  },
  {
    id: 'models',
    title: 'Models',
    icon: Boxes,
    key: '6',
    summary: 'Compare models, import and export them',
    load: () => import('./models/ModelsView.svelte'),
  },
];
