/** A text file bundled into the program as a string (Vite's `?raw`); used for the Lua scripts. */
declare module '*.lua?raw' {
  const text: string;
  export default text;
}
