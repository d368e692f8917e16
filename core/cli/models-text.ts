/** What the `models` commands say in words. */
import type { ModelCard } from '../models/card';
import type { ListedModel } from '../models/library';
import { textTable } from './table';

export function listText(
  models: readonly ListedModel[],
  architectures: readonly { id: string; title: string; summary: string }[],
): string {
  const rows = models.map((listed) =>
    'problem' in listed
      ? [listed.name, listed.source, '', '', '', '', '', '', listed.problem]
      : [
          listed.name,
          listed.source,
          listed.card.dataset ?? '',
          listed.card.parameters?.toLocaleString('en') ?? '',
          percent(listed.card.clean ?? listed.judged?.clean),
          percent(listed.card.robust?.accuracy),
          listed.judged ? `${percent(listed.judged.robust.accuracy)} (${listed.judged.robust.by})` : '',
          percent(listed.judged?.ece),
          listed.card.title ?? '',
        ],
  );
  return [
    models.length > 0
      ? textTable(['name', 'source', 'dataset', 'weights', 'clean', 'robust', 'suite', 'ECE', 'title'], rows)
      : "No models at hand. Train one with 'lowland train', or import one with 'lowland import'.",
    '',
    textTable(
      ['architecture', 'what it is'],
      architectures.map(({ id, summary }) => [id, summary]),
    ),
  ].join('\n');
}

interface Shown {
  readonly name: string;
  readonly file: string;
  readonly inputShape: readonly number[];
  readonly card: ModelCard;
  readonly tensors: readonly { name: string; shape: readonly number[]; trainable: boolean }[];
}

export function showText({ name, file, inputShape, card, tensors }: Shown): string {
  const { robust } = card;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['model', card.title && card.title !== name ? `${name}: ${card.title}` : name],
    ['file', file],
    ['dataset', card.dataset],
    ['architecture', `${card.architecture} ${JSON.stringify(card.options)}`],
    ['weights', card.parameters?.toLocaleString('en')],
    ['input', inputShape.join(' x ')],
    ['classes', card.classes?.join(', ')],
    ['objective', card.objective],
    ['trained by', card.command],
    ['clean', percent(card.clean)],
    [
      'robust',
      robust &&
        `${percent(robust.accuracy)} (${robust.attack}, ${robust.steps} steps, ${robust.norm} ${robust.eps}, ${robust.images} images)`,
    ],
    [
      'flatness',
      card.flatness &&
        Object.entries(card.flatness)
          .map(([what, value]) => `${what} ${value.toPrecision(3)}`)
          .join(', '),
    ],
    ['date', card.date],
  ];
  return [
    ...facts.flatMap(([label, value]) => (value ? [`${label.padEnd(14)}${value}`] : [])),
    '',
    textTable(
      ['tensor', 'shape', 'trained'],
      tensors.map((each) => [each.name, each.shape.join(' x '), each.trainable ? 'yes' : 'no']),
    ),
  ].join('\n');
}

const percent = (fraction: number | undefined): string =>
  fraction === undefined ? '' : `${(100 * fraction).toFixed(1)}%`;
