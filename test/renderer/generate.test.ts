/** The Generate view over a host that is made up: what it asks for, what it shows, and what it says when the engine is gone. */
import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LowlandClient } from '../../core/contract/api';
import { AppError } from '../../core/lib/errors';
import { commands } from '../../renderer/state/commands.svelte';
import { mountWith } from '../../renderer/testing/mount';
import GenerateView from '../../renderer/views/generate/GenerateView.svelte';

const classes = ['ant', 'bee'];
const shape = [4, 4, 1];
const number = (value: number) => ({ kind: 'real', default: value, min: 0, max: Infinity, help: 'A number.' });
const samplers = [
  {
    id: 'pgd-synthesis',
    title: 'PGD synthesis',
    summary: 'Steps down.',
    reference: '',
    options: { step: number(0.5) },
  },
  {
    id: 'sgld',
    title: 'SGLD',
    summary: 'With noise.',
    reference: '',
    options: { step: number(1), noise: number(0.01) },
  },
];
const card = (objective: string) => ({ name: '', dataset: 'fashion-mnist', objective });

type Call = readonly [name: string, input: Record<string, unknown>];

/** A host whose chains count their steps: every pixel is the step, E(x) is minus the step minus the image. */
function fakeHost({ fail = {} }: { fail?: Record<string, AppError> } = {}) {
  const calls: Call[] = [];
  const steps = new Map<string, number>();
  const labels = new Map<string, number[]>();
  const frame = (session: string) => {
    const [step, own] = [steps.get(session) ?? 0, labels.get(session) ?? []];
    return {
      step,
      images: new Uint8Array(own.length * 16).fill(step),
      marginal: Float32Array.from(own, (_, i) => -step - i),
      joint: Float32Array.from(own, (_, i) => -step - i + 0.5),
      predicted: Uint8Array.from(own, (label) => label),
    };
  };
  const answer = (name: string, input: Record<string, unknown>): unknown => {
    const session = String(input.session);
    switch (name) {
      case 'models.list':
        return [
          { name: 'fashion/natural', source: 'embedded', card: card('natural') },
          { name: 'fashion/jeat', source: 'embedded', card: card('jeat') },
        ];
      case 'datasets.list':
        return [{ id: 'fashion-mnist-mini', title: 'Mini', state: 'embedded' }];
      case 'catalogue.read':
        return { samplers, starts: ['uniform', 'class-pca', 'image'].map((id) => ({ id, title: id, summary: '' })) };
      case 'sampling.open': {
        const made = `s${steps.size}`;
        const chosen = (input.classes as number[]).length > 0 ? (input.classes as number[]) : [0, 1];
        const n = Number(input.n);
        steps.set(made, 0);
        labels.set(
          made,
          Array.from({ length: n }, (_, i) => chosen[Math.floor((i * chosen.length) / n)] ?? 0),
        );
        const recipe = { steps: 6, options: { step: 0.25 } };
        return {
          session: made,
          shape,
          classes,
          labels: Int32Array.from(labels.get(made) ?? []),
          recipe,
          frame: frame(made),
        };
      }
      case 'sampling.advance':
        steps.set(session, (steps.get(session) ?? 0) + Number(input.steps));
        return frame(session);
      case 'sampling.rewind':
        steps.set(session, 0);
        return frame(session);
      case 'models.judge':
        return [{ model: 'fashion/jeat', classes, logits: Float32Array.of(0, Math.log(3)) }];
      case 'datasets.nearest':
        return [{ index: 5, label: 1, distance: 1.25, pixels: new Uint8Array(16) }];
      default:
        return null;
    }
  };
  const client = {
    call: async (name: string, input: Record<string, unknown>) => {
      calls.push([name, input]);
      const error = fail[name];
      if (error) throw error;
      return answer(name, input);
    },
  } as unknown as LowlandClient;
  const inputs = (name: string) => calls.filter(([called]) => called === name).map(([, input]) => input);
  return { client, inputs, fail };
}

async function shown(host: ReturnType<typeof fakeHost>, hash = '#/generate?n=4') {
  history.replaceState(null, '', hash);
  dispatchEvent(new HashChangeEvent('hashchange'));
  const view = mountWith(GenerateView, { client: host.client });
  await screen.findByRole('listbox', { name: /Images of/ });
  return view;
}
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const step = () => screen.getByLabelText<HTMLInputElement>('Step, exact step').value;
afterEach(() => expect(commands.all.filter(({ group }) => group === 'Generate').length).toBeLessThan(20));

describe('the Generate view', () => {
  it('starts from a JEAT model with its recipe, and plays to the end of it', async () => {
    const host = fakeHost();
    const { user } = await shown(host);
    expect(host.inputs('sampling.open')).toEqual([
      expect.objectContaining({
        model: 'fashion/jeat',
        sampler: 'pgd-synthesis',
        start: 'uniform',
        dataset: 'fashion-mnist-mini',
        n: 4,
        classes: [],
        seed: 0,
        conditional: true,
      }),
    ]);
    expect(screen.getAllByRole('option', { name: /^Image/ })).toHaveLength(4);
    await user.click(button(/Generate/));
    await waitFor(() => expect(step()).toBe('6'));
    expect(host.inputs('sampling.advance')).toHaveLength(6);
    expect(host.inputs('sampling.advance')[0]).toMatchObject({ steps: 1, options: { step: 0.25 } });
    expect(screen.getByText(/4 of 4 taken for their class · mean E\(x\) −7.50 nats/)).toBeTruthy();
    await user.click(button('Back to the start'));
    await waitFor(() => expect(step()).toBe('0'));
  });

  it('moves one step or many at once, with the options as they stand', async () => {
    const host = fakeHost();
    const { user } = await shown(host);
    await user.click(button('Step once'));
    await waitFor(() => expect(step()).toBe('1'));
    const field = screen.getByRole('textbox', { name: 'Step, exact' });
    await user.clear(field);
    await user.type(field, '0.75');
    await user.click(button('steps'));
    await waitFor(() => expect(step()).toBe('11'));
    expect(host.inputs('sampling.advance').at(-1)).toMatchObject({ steps: 10, options: { step: 0.75 } });
    expect(host.inputs('sampling.open')).toHaveLength(1);
    expect(location.hash).toContain('options=step%3D0.75');
  });

  it('opens other chains for another seed, and keeps it in the address', async () => {
    const host = fakeHost();
    const { user } = await shown(host, '#/generate?n=4&seed=9&start=class-pca&sampler=sgld');
    expect(host.inputs('sampling.open')[0]).toMatchObject({ seed: 9, start: 'class-pca', sampler: 'sgld' });
    const seed = screen.getByRole('textbox', { name: 'Seed' });
    await user.clear(seed);
    await user.type(seed, '12');
    await waitFor(() => expect(host.inputs('sampling.open').at(-1)).toMatchObject({ seed: 12 }));
    await waitFor(() => expect(host.inputs('sampling.close').length).toBeGreaterThan(0));
    expect(location.hash).toContain('seed=12');
    await user.click(button('bee'));
    await waitFor(() => expect(host.inputs('sampling.open').at(-1)).toMatchObject({ classes: [1], seed: 12 }));
  });

  it('sets two models side by side from the same starts and moves both', async () => {
    const host = fakeHost();
    const { user } = await shown(host);
    await user.click(button(/Compare/));
    await screen.findByRole('listbox', { name: /fashion\/natural/ });
    const [a, b] = host.inputs('sampling.open').slice(-2);
    expect(a).toMatchObject({ model: 'fashion/jeat', seed: 0 });
    expect(b).toEqual({ ...a, model: 'fashion/natural' });
    await waitFor(() => expect(button('Step once')).toHaveProperty('disabled', false));
    await user.click(button('Step once'));
    await waitFor(() => expect(step()).toBe('1'));
    expect(host.inputs('sampling.advance').map(({ steps }) => steps)).toEqual([1, 1]);
    expect(location.hash).toContain('besides=fashion%2Fnatural');
  });

  it('shows an image closely, keeps it, and uses its words again', async () => {
    const host = fakeHost();
    const { user } = await shown(host);
    await user.click(button('Step once'));
    await waitFor(() => expect(step()).toBe('1'));
    await user.click(screen.getByRole('option', { name: 'Image 3, bee' }));
    const closely = screen.getByRole('complementary');
    const probabilities = await within(closely).findByRole('region', { name: 'Probabilities' });
    await waitFor(() => expect(probabilities.textContent).toContain('75.0'));
    expect(host.inputs('models.judge')[0]).toMatchObject({ models: ['fashion/jeat'] });
    expect((host.inputs('models.judge')[0]?.images as Uint8Array).length).toBe(16);
    const near = await within(closely).findByRole('link', { name: /Training image 5, bee/ });
    expect(near.getAttribute('href')).toBe('#/datasets?dataset=fashion-mnist-mini&side=train&index=5');
    expect(closely.textContent).toContain('lowland sample fashion/jeat --n 4 --batch 4 --seed 0');
    await user.keyboard('{ArrowLeft}');
    expect(screen.getByRole('option', { name: 'Image 1, ant' }).getAttribute('aria-selected')).toBe('true');
    await user.click(button('Keep'));
    await user.click(button('Settings'));
    await user.click(button(/Roll another seed/));
    await waitFor(() => expect(host.inputs('sampling.open')).toHaveLength(2));
    await user.click(button(/^Use again: ant, fashion\/jeat, seed 0, step 1/));
    await waitFor(() => expect(host.inputs('sampling.open').at(-1)).toMatchObject({ seed: 0 }));
    await waitFor(() => expect(step()).toBe('1'));
  });

  it('says in one sentence that the engine is gone, and starts again', async () => {
    const host = fakeHost();
    const { user } = await shown(host);
    host.fail['sampling.advance'] = new AppError('NOT_FOUND', 'These chains are gone: the engine was started again.');
    await user.click(button('Step once'));
    const notice = await screen.findByRole('alert');
    expect(notice.textContent).toContain('These chains are gone');
    expect(screen.getAllByRole('option', { name: /^Image/ })).toHaveLength(4);
    delete host.fail['sampling.advance'];
    await user.click(button('Start again'));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    await user.click(button('Step once'));
    await waitFor(() => expect(step()).toBe('1'));
  });

  it('goes on after an option that the sampler refuses', async () => {
    const host = fakeHost();
    const { user } = await shown(host);
    host.fail['sampling.advance'] = new AppError('BAD_OPTION', 'sgld.step is -1; it must be at least 0.');
    await user.click(button('Step once'));
    expect((await screen.findByRole('alert')).textContent).toContain('must be at least 0');
    delete host.fail['sampling.advance'];
    await user.click(button('Step once'));
    await waitFor(() => expect(step()).toBe('1'));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('offers to try again where nothing can be listed', async () => {
    const host = fakeHost({
      fail: { 'models.list': new AppError('CONNECTION', 'There is no connection to Lowland.') },
    });
    const { user } = mountWith(GenerateView, { client: host.client });
    expect((await screen.findByRole('alert')).textContent).toContain('no connection');
    delete host.fail['models.list'];
    await user.click(button('Try again'));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('exports the grid with all that made it', async () => {
    const host = fakeHost();
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:none', revokeObjectURL: () => undefined }));
    const { user } = await shown(host);
    await user.click(button('Step once'));
    await waitFor(() => expect(step()).toBe('1'));
    await user.click(button('Export'));
    await user.click(screen.getByRole('menuitem', { name: 'Film as GIF' }));
    await waitFor(() => expect(host.inputs('figures.images')).toHaveLength(1));
    const [made] = host.inputs('figures.images');
    expect(made).toMatchObject({ format: 'gif', shape });
    expect((made?.frames as Uint8Array[]).map((pixels) => pixels[0])).toEqual([0, 1]);
    expect(made?.provenance).toMatchObject({
      model: 'fashion/jeat',
      seed: '0',
      n: '4',
      steps: '1',
      sampler: 'pgd-synthesis',
      options: '{"step":0.25}',
    });
  });

  it('has nothing that axe finds serious, with an image open too', async () => {
    const host = fakeHost();
    const { user, container } = await shown(host);
    const serious = async () =>
      (await axe.run(container, { rules: { 'color-contrast': { enabled: false } } })).violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    expect(await serious()).toEqual([]);
    await user.click(screen.getByRole('option', { name: 'Image 1, ant' }));
    expect(await serious()).toEqual([]);
  });
});
