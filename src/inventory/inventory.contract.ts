/** What other features may use of the inventory. */
export { DispatchStockCommand } from './commands/dispatch-stock/dispatch-stock.command.js';
export { ReleaseStockCommand } from './commands/release-stock/release-stock.command.js';
export { ReserveStockCommand } from './commands/reserve-stock/reserve-stock.command.js';
export { StockReserved } from './events/stock-reserved.event.js';
export { FindProductsQuery } from './queries/find-products/find-products.query.js';
