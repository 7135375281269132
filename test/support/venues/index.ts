/** Local venues for tests: real servers on loopback that speak as the real ones do, and misbehave on request. */
export {
  startCoinbaseVenue,
  type CoinbaseVenue,
  type CoinbaseVenueOptions,
  type Frame,
} from './coinbase-server.ts';
export { startJupiterVenue, type JupiterAnswer, type JupiterVenue } from './jupiter-server.ts';
export { startKrakenVenue, type KrakenTicker, type KrakenVenue } from './kraken-server.ts';
export type { WsVenue } from './ws-venue.ts';
