import type { NotificationView } from './notifications.ts';
import type { TrayView } from './tray.ts';

/** What the double tells the test process, over Node's own channel between parent and child. */
export type Report =
  | { kind: 'window'; endpoint: string }
  | { kind: 'window-closed' }
  | { kind: 'tray'; view: TrayView }
  | { kind: 'notification'; view: NotificationView }
  | { kind: 'dialog'; title: string; content: string }
  | { kind: 'refused'; message: string };

/** What the test process asks: as a person would, through the tray or the system. */
export type Order =
  { kind: 'quit' } | { kind: 'tray-click'; label?: string } | { kind: 'notification-click' };

/** Sends `report` to the test process, if one is there. */
export function tell(report: Report): void {
  process.send?.(report);
}

/** Calls `act` for each order; when the test process is gone, asks to quit. */
export function followOrders(act: (order: Order) => void): void {
  process.on('message', order => act(order as Order));
  process.on('disconnect', () => act({ kind: 'quit' }));
}
