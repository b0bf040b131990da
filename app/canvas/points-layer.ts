/**
 * Points, one vertex each. deck.gl's own layers draw an instance of four vertices for each point, which software WebGL
 * does one by one: panning 70,000 takes 1.1 s a frame there, and 0.25 s as points (SwiftShader, two cores at rest).
 */
import {
  type Accessor,
  type Color,
  type DefaultProps,
  Layer,
  type LayerProps,
  project32,
} from "@deck.gl/core";
import { Model } from "@luma.gl/engine";

interface PointsProps {
  /** Diameter in pixels of the screen. */
  readonly diameter: number;
  readonly getPosition?: Accessor<unknown, [number, number, number]>;
  readonly getFillColor?: Accessor<unknown, Color>;
}

const block = `\
layout(std140) uniform dotsUniforms {
  float diameter;
} dots;
`;
const dots = {
  name: "dots",
  vs: block,
  fs: block,
  uniformTypes: { diameter: "f32" },
} as const;

const vertexShader = `#version 300 es
#define SHADER_NAME points-vertex
in vec3 positions;
in vec4 colors;
out vec4 vColor;
void main(void) {
  if (colors.a == 0.0) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 0.0;
    return;
  }
  gl_Position = project_position_to_clipspace(positions, vec3(0.0), vec3(0.0));
  gl_PointSize = dots.diameter + 1.0;
  vColor = vec4(colors.rgb, colors.a * layer.opacity);
}
`;
// The rim is as wide as a pixel: dots are round without any further smoothing.
const fragmentShader = `#version 300 es
#define SHADER_NAME points-fragment
precision highp float;
in vec4 vColor;
out vec4 fragColor;
void main(void) {
  float apart = length(gl_PointCoord - 0.5) * (dots.diameter + 1.0);
  float covered = clamp(dots.diameter * 0.5 + 0.5 - apart, 0.0, 1.0);
  if (covered == 0.0) discard;
  fragColor = vec4(vColor.rgb, vColor.a * covered);
}
`;

const defaultProps: DefaultProps<PointsProps> = {
  diameter: { type: "number", value: 3, min: 0 },
  getPosition: { type: "accessor", value: [0, 0, 0] },
  getFillColor: { type: "accessor", value: [0, 0, 0, 255] },
};

/** Data: `length`, and the attributes `getPosition` (2 or 3 numbers each) and `getFillColor` (4 bytes each). */
export class PointsLayer extends Layer<Required<PointsProps>> {
  static override layerName = "PointsLayer";
  static override defaultProps = defaultProps as unknown as DefaultProps<LayerProps>;
  declare state: { model?: Model };

  override initializeState(): void {
    const attributes = this.getAttributeManager();
    attributes?.remove(["instancePickingColors"]); // the map picks by itself
    attributes?.add({
      positions: { size: 3, type: "float32", accessor: "getPosition" },
      colors: { size: 4, type: "unorm8", accessor: "getFillColor" },
    });
    const model = new Model(this.context.device, {
      ...this.getShaders(),
      id: this.props.id,
      bufferLayout: attributes?.getBufferLayouts() ?? [],
      topology: "point-list",
      isInstanced: false,
    });
    this.setState({ model });
  }

  override getShaders(): ReturnType<Layer["getShaders"]> {
    return super.getShaders({ vs: vertexShader, fs: fragmentShader, modules: [project32, dots] });
  }

  override draw(): void {
    const { model } = this.state;
    if (!model) return;
    const ratio = this.context.device.canvasContext?.cssToDeviceRatio() ?? 1;
    model.shaderInputs.setProps({ dots: { diameter: this.props.diameter * ratio } });
    model.setVertexCount(this.getNumInstances());
    model.draw(this.context.renderPass);
  }
}
