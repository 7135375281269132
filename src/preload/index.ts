import { contextBridge, ipcRenderer } from 'electron';
import { createRawBridge, installBridge } from './bridge.ts';

contextBridge.executeInMainWorld({ func: installBridge, args: [createRawBridge(ipcRenderer)] });
