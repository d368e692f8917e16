/** Mounts a component for a test, with a user who types and clicks as people do. */
import { type RenderResult, render } from '@testing-library/svelte';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { type Component, type MountOptions, type Snippet, createRawSnippet } from 'svelte';

type AnyProps = NonNullable<MountOptions['props']>;

export function mountWith<P extends AnyProps>(
  component: Component<P>,
  props: P,
): RenderResult<Component<P>> & { readonly user: UserEvent } {
  const user = userEvent.setup();
  return Object.assign(render(component, props), { user });
}

/** A snippet of plain HTML, for components that wrap others. */
export const html = (markup: string): Snippet => createRawSnippet(() => ({ render: () => markup }));
