const sizes = new WeakMap<object, number>();

/** Bytes of a value as JSON. Remembered per object: only for objects that never change. */
export function jsonSize(value: object): number {
  let size = sizes.get(value);
  if (size === undefined) {
    size = Buffer.byteLength(JSON.stringify(value));
    sizes.set(value, size);
  }
  return size;
}
