/** Writes a graph as a SavedModel (saved_model.proto): one meta graph tagged 'serve', without signatures or variable files. */
import { bytesField, floatField, integerField, message } from '../../lib/protobuf';
import { type Attribute, type GraphNode, type TensorValue, dataTypes } from './graph';

/** GraphDef version that current TensorFlow writes; older ones would lose newer ops. */
const producerVersion = 1882;

const shapeProto = (shape: readonly number[]): Uint8Array =>
  message(...shape.map((size) => bytesField(2, integerField(1, size))));

/** TensorProto: a single element goes into its typed field, where it stands for all; many go as raw content. */
function tensorProto({ dtype, shape, bytes }: TensorValue): Uint8Array {
  const head = [integerField(1, dtype), bytesField(2, shapeProto(shape))];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (dtype === dataTypes.float32 && bytes.length === 4)
    return message(...head, floatField(5, view.getFloat32(0, true)));
  if (dtype === dataTypes.int32 && bytes.length === 4) return message(...head, integerField(7, view.getInt32(0, true)));
  if (dtype === dataTypes.bool && bytes.length === 1) return message(...head, integerField(11, view.getUint8(0)));
  return message(...head, bytesField(4, bytes));
}

function attributeProto(attribute: Attribute): Uint8Array {
  switch (attribute.kind) {
    case 'type':
      return integerField(6, attribute.value);
    case 'int':
      return integerField(3, attribute.value);
    case 'float':
      return floatField(4, attribute.value);
    case 'bool':
      return integerField(5, Number(attribute.value));
    case 'string':
      return bytesField(2, attribute.value);
    case 'shape':
      return bytesField(7, shapeProto(attribute.value));
    case 'tensor':
      return bytesField(8, tensorProto(attribute.value));
    case 'ints':
      return bytesField(1, message(...attribute.value.map((value) => integerField(3, value))));
    case 'floats':
      return bytesField(1, message(...attribute.value.map((value) => floatField(4, value))));
  }
}

const nodeProto = ({ name, op, inputs, control, attributes }: GraphNode): Uint8Array =>
  message(
    bytesField(1, name),
    bytesField(2, op),
    ...inputs.map((input) => bytesField(3, input)),
    ...control.map((before) => bytesField(3, `^${before}`)),
    ...Object.entries(attributes).map(([key, attribute]) =>
      bytesField(5, message(bytesField(1, key), bytesField(2, attributeProto(attribute)))),
    ),
  );

export function savedModel(nodes: readonly GraphNode[], version: string): Uint8Array {
  const graph = message(
    ...nodes.map((node) => bytesField(1, nodeProto(node))),
    bytesField(4, integerField(1, producerVersion)),
  );
  const meta = message(bytesField(4, 'serve'), bytesField(5, version));
  return message(integerField(1, 1), bytesField(2, message(bytesField(1, meta), bytesField(2, graph))));
}
