import { ProductAdded } from '../events/product-added.event.js';
import { StockAdded } from '../events/stock-added.event.js';
import { StockDispatched } from '../events/stock-dispatched.event.js';
import { StockReleased } from '../events/stock-released.event.js';
import { StockReserved } from '../events/stock-reserved.event.js';

export const SKU = 'MUG-BLUE';
export const ORDER_ID = '018f2b6e-0000-7000-8000-000000000101';
export const OTHER_ORDER_ID = '018f2b6e-0000-7000-8000-000000000102';
export const PRICE = { amount: 1_250, currency: 'EUR' };

export const anAddedProduct = (stock = 10) => new ProductAdded(SKU, 'Blue mug', PRICE, stock);
export const addedStock = (quantity = 5) => new StockAdded(SKU, quantity);
export const aReservation = (quantity = 3, line = 0, orderId = ORDER_ID) =>
  new StockReserved(SKU, orderId, line, quantity);
export const aRelease = (quantity = 3, line = 0, orderId = ORDER_ID) => new StockReleased(SKU, orderId, line, quantity);
export const aDispatch = (quantity = 3, line = 0, orderId = ORDER_ID) =>
  new StockDispatched(SKU, orderId, line, quantity);
