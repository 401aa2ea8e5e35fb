// As much of uPlot as the console uses; the whole of it: uPlot.d.ts of the package.
export default class uPlot {
  constructor(options: object, data: (number | null)[][], target: HTMLElement);
  readonly width: number;
  destroy(): void;
}
