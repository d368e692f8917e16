/** An icon as a component: `import Play from '@lucide/svelte/icons/play'`. */
import type { LucideIcon } from '@lucide/svelte';

export type Icon = LucideIcon;
