import { ProductAdded } from './product-added.event.js';
import { StockAdded } from './stock-added.event.js';
import { StockDispatched } from './stock-dispatched.event.js';
import { StockReleased } from './stock-released.event.js';
import { StockReserved } from './stock-reserved.event.js';

/** All events of a product's stream. Add a new event here first; the compiler then shows what is missing. */
export const PRODUCT_EVENTS = [ProductAdded, StockAdded, StockReserved, StockReleased, StockDispatched] as const;

export type ProductEvent = InstanceType<(typeof PRODUCT_EVENTS)[number]>;
