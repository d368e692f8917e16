/** A parallel view of a box: a and b in [-1,1] on the floor, z in [0, tall] above it, seen from an azimuth and an elevation. */

export interface View {
  /** Degrees from the axis a towards b where the viewer stands. */
  readonly azimuth: number;
  /** Degrees above the floor, 0 to 90. */
  readonly elevation: number;
}

export const tall = 1.1;

export interface Camera {
  /** Pixels of a point. */
  readonly place: (a: number, b: number, z: number) => readonly [number, number];
  /** Grows towards the viewer, for points above one floor. */
  readonly near: (a: number, b: number) => number;
  /** The sides of the floor that face the viewer. */
  readonly front: { readonly a: 1 | -1; readonly b: 1 | -1 };
}

const corners = [-1, 1].flatMap((a) => [-1, 1].flatMap((b) => [0, tall].map((z) => [a, b, z] as const)));

interface Room {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Height of the picture in which the box takes the whole of a width. */
export function heightFor({ azimuth, elevation }: View, width: number, room: Room): number {
  const { left, right, top, bottom } = boundsOf(flatten(azimuth, elevation));
  const inner = ((width - room.left - room.right) * (bottom - top)) / (right - left);
  return Math.round(Math.min(width, inner + room.top + room.bottom));
}

type Flatten = (a: number, b: number, z: number) => readonly [number, number];

function flatten(azimuth: number, elevation: number): Flatten {
  const [turn, tilt] = [(azimuth * Math.PI) / 180, (Math.min(90, Math.max(0, elevation)) * Math.PI) / 180];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return (a, b, z) => [b * cos - a * sin, (a * cos + b * sin) * Math.sin(tilt) - z * Math.cos(tilt)];
}

function boundsOf(flat: Flatten): Room {
  const ends = corners.map(([a, b, z]) => flat(a, b, z));
  const [xs, ys] = [ends.map(([x]) => x), ends.map(([, y]) => y)];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** The whole box inside `width` x `height` pixels, `room` left free round it. */
export function cameraOf(
  { azimuth, elevation }: View,
  size: { readonly width: number; readonly height: number },
  room: Room,
): Camera {
  const flat = flatten(azimuth, elevation);
  const { left, right, top, bottom } = boundsOf(flat);
  const turn = (azimuth * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const width = size.width - room.left - room.right;
  const height = size.height - room.top - room.bottom;
  const scale = Math.max(1, Math.min(width / (right - left), height / (bottom - top)));
  const x0 = room.left + (width - scale * (left + right)) / 2;
  const y0 = room.top + (height - scale * (top + bottom)) / 2;
  return {
    near: (a, b) => a * cos + b * sin,
    front: { a: cos >= 0 ? 1 : -1, b: sin >= 0 ? 1 : -1 },
    place: (a, b, z) => {
      const [x, y] = flat(a, b, z);
      return [x0 + scale * x, y0 + scale * y];
    },
  };
}
