// First, so that the style sheets of the components come after the tokens they refine.
import './theme/tokens.css';
import './theme/base.css';
import './theme/fields.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { ServicesContext } from './app/services.ts';
import { startServices } from './app/start-services.ts';
import { openLink } from './bridge/open-link.ts';
import { openPriceChart } from './chart/price-chart.ts';
import { browserClock } from './time/clock.ts';

const clock = browserClock;
const services = startServices({ window, clock, link: openLink(window, clock), openChart: openPriceChart });
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root".');

createRoot(root).render(
  <StrictMode>
    <ServicesContext value={services}>
      <App />
    </ServicesContext>
  </StrictMode>,
);
