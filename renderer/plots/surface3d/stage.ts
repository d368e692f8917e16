/**
 * Draws surfaces by three.js: one WebGL context for all panels, whose pictures are copied to a canvas each, so that any number of panels
 * share one camera and none runs out of contexts. The parallel view is that of core/figures/camera.ts: the export shows the same.
 */
import {
  BufferAttribute,
  BufferGeometry,
  DoubleSide,
  LineBasicMaterial,
  LineSegments,
  Matrix4,
  Mesh,
  MeshBasicMaterial,
  OrthographicCamera,
  Scene,
  SRGBColorSpace,
  Color,
  Vector3,
  WebGLRenderer,
} from 'three';
import { batlow } from '../../../core/figures/batlow';
import { type Camera, type View, tall } from '../../../core/figures/camera';
import type { EnergyRange } from '../../../core/figures/contour-range';
import { thinGrid } from '../../../core/figures/contour-panel';
import type { EnergyPlane } from '../contours/plane';

/** Points along an axis that a screen can show. */
const finest = 161;
const meshLines = 12;
const shades = 96;

const palette = Array.from({ length: shades + 1 }, (_, i) => new Color().setStyle(batlow(i / shades), SRGBColorSpace));

export interface Surface {
  readonly scene: Scene;
  dispose(): void;
}

/** The surface of a plane on a scale; cells without a finite energy are left out. */
export function surfaceOf(plane: EnergyPlane, { low, high }: EnergyRange): Surface {
  const { grid, n } = thinGrid(plane, finest);
  const positions = new Float32Array(n * n * 3);
  const colours = new Float32Array(n * n * 3);
  const share = (e: number) => (high > low ? Math.min(1, Math.max(0, (e - low) / (high - low))) : 0.5);
  grid.forEach((energy, i) => {
    const height = share(energy);
    positions.set([-1 + (2 * (i % n)) / (n - 1), -1 + (2 * Math.floor(i / n)) / (n - 1), tall * height], 3 * i);
    palette[Math.round(height * shades)]?.toArray(colours, 3 * i);
  });
  const finite = (...points: number[]) => points.every((point) => Number.isFinite(grid[point]));
  const faces: number[] = [];
  const lines: number[] = [];
  const every = Math.max(2, Math.round((n - 1) / meshLines));
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++) {
      const [at, right, up] = [row * n + column, row * n + column + 1, (row + 1) * n + column];
      if (column < n - 1 && row < n - 1 && finite(at, right, up, up + 1)) faces.push(at, right, up + 1, at, up + 1, up);
      if (column < n - 1 && row % every === 0 && finite(at, right)) lines.push(at, right);
      if (row < n - 1 && column % every === 0 && finite(at, up)) lines.push(at, up);
    }
  const corners = new BufferAttribute(positions, 3);
  const face = new BufferGeometry().setAttribute('position', corners).setIndex(faces);
  face.setAttribute('color', new BufferAttribute(colours, 3));
  const mesh = new BufferGeometry().setAttribute('position', corners).setIndex(lines);
  const fill = new MeshBasicMaterial({
    vertexColors: true,
    side: DoubleSide,
    polygonOffset: true,
    polygonOffsetFactor: 1.5,
    polygonOffsetUnits: 1,
  });
  const thread = new LineBasicMaterial({ color: 0xffffff, transparent: true, opacity: 0.35 });
  const scene = new Scene();
  scene.add(new Mesh(face, fill), new LineSegments(mesh, thread));
  return {
    scene,
    dispose: () => [face, mesh, fill, thread].forEach((part) => part.dispose()),
  };
}

export class Stage {
  readonly #renderer: WebGLRenderer;
  readonly #camera = new OrthographicCamera();

  private constructor(
    renderer: WebGLRenderer,
    private readonly onLost: () => void,
  ) {
    this.#renderer = renderer;
    renderer.setClearColor(0, 0);
    renderer.domElement.addEventListener('webglcontextlost', this.#lost);
  }

  /** Undefined where this machine has no WebGL. `onLost` is called when the context goes. */
  static open(onLost: () => void): Stage | undefined {
    // asked for here: three.js writes errors to the console where there is none
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('webgl2', { antialias: true, alpha: true, preserveDrawingBuffer: true });
    if (!context || context.isContextLost()) return undefined;
    return new Stage(new WebGLRenderer({ canvas, context }), onLost);
  }

  readonly #lost = (event: Event): void => {
    event.preventDefault();
    this.onLost();
  };

  /** Draws a surface into a canvas of width x height CSS pixels, as `camera` places points there. */
  draw(
    target: HTMLCanvasElement,
    { scene }: Surface,
    view: View,
    camera: Camera,
    { width, height }: { readonly width: number; readonly height: number },
  ): void {
    const ratio = devicePixelRatio || 1;
    this.#renderer.setPixelRatio(ratio);
    this.#renderer.setSize(width, height, false);
    this.#aim(view, camera, width, height);
    this.#renderer.render(scene, this.#camera);
    target.width = Math.round(width * ratio);
    target.height = Math.round(height * ratio);
    target.getContext('2d')?.drawImage(this.#renderer.domElement, 0, 0, target.width, target.height);
  }

  #aim({ azimuth, elevation }: View, { place }: Camera, width: number, height: number): void {
    const [turn, tilt] = [(azimuth * Math.PI) / 180, (Math.min(90, Math.max(0, elevation)) * Math.PI) / 180];
    const [cos, sin, flat, steep] = [Math.cos(turn), Math.sin(turn), Math.cos(tilt), Math.sin(tilt)];
    const right = new Vector3(-sin, cos, 0);
    const up = new Vector3(-cos * steep, -sin * steep, flat);
    const back = new Vector3(cos * flat, sin * flat, steep);
    const [x0, y0] = place(0, 0, 0);
    const [x1, y1] = place(right.x, right.y, 0);
    const scale = Math.hypot(x1 - x0, y1 - y0);
    const lens = this.#camera;
    lens.left = -x0 / scale;
    lens.right = (width - x0) / scale;
    lens.top = y0 / scale;
    lens.bottom = -(height - y0) / scale;
    lens.near = 0.1;
    lens.far = 20;
    lens.updateProjectionMatrix();
    lens.position.copy(back).multiplyScalar(8);
    lens.quaternion.setFromRotationMatrix(new Matrix4().makeBasis(right, up, back));
    lens.updateMatrixWorld();
  }

  dispose(): void {
    this.#renderer.domElement.removeEventListener('webglcontextlost', this.#lost);
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }
}
