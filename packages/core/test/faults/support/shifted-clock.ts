/** Sets the clock of this process ahead, or back, by this many ms. */
export function shiftClock(by: number): void {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given: [] | [number | string | Date]) {
      super(...((given.length === 0 ? [Real.now() + by] : given) as [number]));
    }

    static override now(): number {
      return Real.now() + by;
    }
  } as DateConstructor;
}
