// Loaded with `node --import`: lets plain Node run the built main process, with `electron` standing for the double.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
