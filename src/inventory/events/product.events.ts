import { ProductAdded } from './product-added.event.js';
import { StockAdded } from './stock-added.event.js';
import { StockDispatched } from './stock-dispatched.event.js';
import { StockReleased } from './stock-released.event.js';
import { StockReserved } from './stock-reserved.event.js';

/** Everything that can stand in a product's stream. Add here first; the compiler names the rest. */
export const PRODUCT_EVENTS = [ProductAdded, StockAdded, StockReserved, StockReleased, StockDispatched] as const;

export type ProductEvent = InstanceType<(typeof PRODUCT_EVENTS)[number]>;
