/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** A plain decimal such as `"0.0000030412"`: no exponent, no sign for prices, never a float. */
export type DecimalString = string;
