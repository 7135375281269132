/** What another program wrote must not steer the terminal. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
