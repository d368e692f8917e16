/**
 * Goes through a step a second time with other inputs and another key: every op must be the one recorded,
 * with the same attributes and constants. What differs is a value that changes from call to call, which a graph must not hold.
 */
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import { type Attribute, type GraphNode, dataTypes } from './graph';
import { CaptureError, Recorder } from './recorder';

export class Replay extends Recorder {
  constructor(
    backend: NodeJSKernelBackend,
    private readonly recorded: readonly GraphNode[],
  ) {
    super(backend);
  }

  protected override outputsOf(op: string): GraphNode['outputs'] {
    const before = this.recorded[this.nodes.length];
    if (before?.op !== op) throw changed(`op ${this.nodes.length} was ${before?.op ?? 'missing'}, now ${op}`);
    return before.outputs;
  }

  protected override add(node: GraphNode): void {
    compare(this.recorded[this.nodes.length], node);
    super.add(node);
  }
}

const changed = (what: string): CaptureError => new CaptureError(`a number in it changes from call to call: ${what}`);

function compare(before: GraphNode | undefined, now: GraphNode): void {
  if (!before || before.op !== now.op || before.inputs.join() !== now.inputs.join())
    throw changed(`${before?.name ?? 'nothing'} became ${now.name}`);
  for (const [name, attribute] of Object.entries(now.attributes)) {
    const [was, is] = [before.attributes[name], attribute].map(written);
    if (was !== is) throw changed(`${name} of ${now.name} was ${was}, now ${is}`);
  }
}

function written(attribute: Attribute | undefined): string {
  if (attribute?.kind !== 'tensor') return String(attribute?.value);
  const { dtype, bytes } = attribute.value;
  const copy = bytes.slice();
  const values =
    dtype === dataTypes.float32
      ? new Float32Array(copy.buffer)
      : dtype === dataTypes.int32
        ? new Int32Array(copy.buffer)
        : copy;
  return Array.from(values).join(' ');
}
