/** A file of types: it has nothing to cover. */
export interface Named {
  name: string;
}
