/** The account of an evaluation: takes in its records in any order, and says what is done, what still stands, and what it all means. */
import { type Blocks, blockCount, blockRange } from './blocks';
import { type Flag, gradientFlags, squareFlags } from './flags';
import type { EvaluationRecord, LookRecord, PartRecord } from './records';
import type { Suite } from './suite';

export interface SuitesPlan extends Blocks {
  readonly seed: number;
  readonly suites: readonly Suite[];
}

export interface PartResult {
  /** Of the attack, and of the suite that it is a part of. */
  readonly id: string;
  readonly suite: string;
  readonly norm: string;
  readonly eps: number;
  /** Share of all images that is right after this part and those before it in the suite. */
  readonly robust: number;
  /** Images that this part felled. */
  readonly felled: number;
  readonly seconds: number;
}
export interface RadiusResult {
  readonly norm: string;
  readonly eps: number;
  /** Share of all images that no attack of this radius felled. */
  readonly robust: number;
  readonly attacks: readonly PartResult[];
}
export interface SuitesResult {
  readonly images: number;
  readonly clean: number;
  readonly radii: readonly RadiusResult[];
  readonly flags: readonly Flag[];
  /** Of computing, over all processes that shared the work. */
  readonly seconds: number;
}
/** An image under one suite: felled by which part, taken for which class, at what size; none of it where it still stands. */
export interface Verdict {
  readonly image: number;
  readonly label: number;
  readonly predicted: number;
  readonly suite: Suite;
  readonly robust: boolean;
  readonly felled?: { readonly by: string; readonly predicted: number; readonly size: number };
}

const unique = (flags: readonly Flag[]): Flag[] =>
  flags.filter(({ sentence }, i) => flags.findIndex((other) => other.sentence === sentence) === i);
const placeOf = (block: number, suite: number, part: number): string => `${block}/${suite}/${part}`;

export class Ledger {
  readonly #looks = new Map<number, LookRecord>();
  readonly #parts = new Map<string, PartRecord>();
  #flags: Flag[] | undefined;
  #seconds = 0;

  constructor(readonly plan: SuitesPlan) {}

  add(record: EvaluationRecord): void {
    this.#seconds += record.seconds;
    if (record.kind === 'look') this.#looks.set(record.block, record);
    else if (record.kind === 'part') this.#parts.set(placeOf(record.block, record.suite, record.part), record);
    else
      this.#flags = [
        ...(this.#flags ?? []),
        ...record.flags.filter(({ id }) => !this.#flags?.some((own) => own.id === id)),
      ];
  }

  /** The model was looked at. */
  get inspected(): boolean {
    return this.#flags !== undefined;
  }
  seen(block: number): boolean {
    return this.#looks.has(block);
  }
  done(block: number, suite: number, part: number): boolean {
    return this.#parts.has(placeOf(block, suite, part));
  }

  /** Rows of a block that are right, and that the first `parts` parts of a suite left standing. */
  standing(block: number, suite: number, parts: number): number[] {
    const look = this.#looks.get(block);
    const { from } = blockRange(this.plan, block);
    const fallen = new Set(this.#felled(block, suite, parts).map(([image]) => image - from));
    return (look?.predicted ?? []).flatMap((predicted, row) =>
      predicted === look?.labels[row] && !fallen.has(row) ? [row] : [],
    );
  }

  /** What has to come before every image is judged: 'block 3', 'block 4 under APGD-T at eps 0.03'. */
  missing(): string[] {
    return Array.from({ length: blockCount(this.plan) }, (_, block) => block).flatMap((block) => {
      if (!this.seen(block)) return [`block ${block}`];
      return this.plan.suites.flatMap(({ parts, eps }, suite) =>
        parts.flatMap(({ title }, part) =>
          this.done(block, suite, part) ? [] : [`block ${block} under ${title} at eps ${Number(eps.toPrecision(3))}`],
        ),
      );
    });
  }

  /** Of all images that were looked at: of the whole evaluation once nothing is missing. */
  result(): SuitesResult {
    const looks = [...this.#looks.values()];
    const sum = (value: (look: LookRecord) => number) => looks.reduce((total, look) => total + value(look), 0);
    const images = sum(({ labels }) => labels.length);
    const right = sum(({ labels, predicted }) => labels.filter((label, i) => label === predicted[i]).length);
    const suites = this.plan.suites.map((suite, s) => ({ suite, after: this.#after(suite, s, right, images) }));
    const balls = this.plan.suites.filter(
      (ball, i, all) => all.findIndex(({ norm, eps }) => norm === ball.norm && eps === ball.eps) === i,
    );
    const radii = balls.map(({ norm, eps }) => {
      const own = suites.filter(({ suite }) => suite.norm === norm && suite.eps === eps);
      const fallen = new Set(own.flatMap(({ suite }) => this.#fallenOf(this.plan.suites.indexOf(suite))));
      return { norm, eps, robust: (right - fallen.size) / images, attacks: own.flatMap(({ after }) => after) };
    });
    const flags = [
      ...(this.#flags ?? []),
      ...gradientFlags({ right, flatCe: sum(({ flatCe }) => flatCe), flatDlr: sum(({ flatDlr }) => flatDlr) }),
      ...suites.flatMap(({ after }) => squareFlags(after.map(({ id, robust }) => ({ attack: id, robust })))),
      ...unique(this.plan.suites.flatMap((suite) => suite.flags)),
    ];
    return { images, clean: right / images, radii, flags, seconds: this.#seconds };
  }

  /** Every image under every suite, in order. */
  *verdicts(): Generator<Verdict, void, undefined> {
    for (const [s, suite] of this.plan.suites.entries())
      for (const block of [...this.#looks.keys()].sort((a, b) => a - b)) {
        const look = this.#looks.get(block);
        const { from } = blockRange(this.plan, block);
        const felled = new Map(
          suite.parts.flatMap(
            ({ attack: by }, part) =>
            (this.#parts.get(placeOf(block, s, part))?.felled ?? []).map(([image, predicted, size]) => [image, { by, predicted, size }] as const), // prettier-ignore
          ),
        );
        for (const [row, label] of (look?.labels ?? []).entries()) {
          const predicted = look?.predicted[row] ?? -1;
          const fall = felled.get(from + row);
          const robust = predicted === label && !fall;
          yield { image: from + row, label, predicted, suite, robust, ...(fall ? { felled: fall } : {}) };
        }
      }
  }

  #felled(block: number, suite: number, parts: number): PartRecord['felled'] {
    return Array.from(
      { length: parts },
      (_, part) => this.#parts.get(placeOf(block, suite, part))?.felled ?? [],
    ).flat();
  }

  #fallenOf(suite: number): number[] {
    return [...this.#parts.values()].flatMap((record) =>
      record.suite === suite ? record.felled.map(([image]) => image) : [],
    );
  }

  #after({ id, norm, eps, parts }: Suite, s: number, right: number, images: number): PartResult[] {
    let standing = right;
    return parts.map(({ attack }, p) => {
      const own = [...this.#parts.values()].filter(({ suite, part }) => suite === s && part === p);
      const felled = own.reduce((total, record) => total + record.felled.length, 0);
      standing -= felled;
      const seconds = own.reduce((total, record) => total + record.seconds, 0);
      return { id: attack, suite: id, norm, eps, robust: standing / images, felled, seconds };
    });
  }
}
