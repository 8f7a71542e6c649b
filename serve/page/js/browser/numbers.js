// Arithmetic as Python has it.

/** Returns the nearest whole number; of two that are as near, the even one. */
export function round(number) {
  const whole = Math.round(number);
  return whole - number === 0.5 && whole % 2 ? whole - 1 : whole;
}
