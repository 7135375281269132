import process from 'node:process';
import { followOrders } from './control.ts';
import { createDouble } from './create-double.ts';

/** The module the built program gets for `electron`. An import of a name that is not here fails with that name. */
export const double = createDouble({
  end: code => process.exit(code),
  tray: process.env['TENHERTZ_DOUBLE_TRAY'] !== 'none',
});
followOrders(order => double.obey(order));

export const {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  Notification,
  protocol,
  session,
  Tray,
} = double.electron;
