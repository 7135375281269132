/**
 * Where a menu is drawn: in the window of the element that opens it, inside the page's main landmark, so that assistive
 * technology finds it in order.
 */
export function menuPlace(opener: Element | null): HTMLElement {
  const page = opener?.ownerDocument ?? document;
  return page.querySelector('main') ?? page.body;
}
