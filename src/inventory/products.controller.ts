import {
  ApiPage,
  ApiProblems,
  requestsPastState,
  decodeCursor,
  encodeCursor,
  EventItem,
  eventItem,
  isVersion,
  ListQuery,
  momentOf,
  MomentQuery,
  type Page,
  pageOf,
  Public,
  PublicWhen,
  Versioned,
} from '@leftfold/http';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../platform/auth/roles.decorator.js';
import { AddProductCommand } from './commands/add-product/add-product.command.js';
import { AddProductDto } from './commands/add-product/add-product.dto.js';
import { AddStockCommand } from './commands/add-stock/add-stock.command.js';
import { AddStockDto } from './commands/add-stock/add-stock.dto.js';
import { ProductAnswer, productAnswer, SkuAnswer } from './product.answer.js';
import { isSku } from './products.validation.js';
import { GetProductQuery } from './queries/get-product/get-product.query.js';
import { GetProductAtQuery } from './queries/get-product-at/get-product-at.query.js';
import { ListProductHistoryQuery } from './queries/list-product-history/list-product-history.query.js';
import { ListProductsQuery } from './queries/list-products/list-products.query.js';
import { SkuParam } from './sku-param.pipe.js';

@ApiTags('inventory')
@ApiBearerAuth()
@Controller('products')
export class ProductsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Add a product', description: 'For operators. The SKU must be free.' })
  @Roles('operator')
  @ApiCreatedResponse({ type: SkuAnswer })
  @ApiProblems('broken-rule', 'sku-taken')
  add(@Body() { sku, name, unitPrice: { amount, currency }, stock }: AddProductDto): Promise<SkuAnswer> {
    return this.commands.execute(new AddProductCommand(sku, name, { amount, currency }, stock));
  }

  @Post(':sku/stock')
  @ApiOperation({ summary: 'Add stock', description: 'For operators.' })
  @HttpCode(200)
  @Roles('operator')
  @ApiOkResponse({ type: SkuAnswer })
  @ApiProblems('not-found', 'product-not-found')
  @ApiProblems('version-conflict', 'version-conflict')
  addStock(@Param('sku', SkuParam) sku: string, @Body() { quantity }: AddStockDto): Promise<SkuAnswer> {
    return this.commands.execute(new AddStockCommand(sku, quantity));
  }

  @Get()
  @ApiOperation({ summary: 'List products', description: 'For everyone, by SKU.' })
  @Public()
  @ApiPage(ProductAnswer)
  async list(@Query() { limit, cursor }: ListQuery): Promise<Page<ProductAnswer>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isSku);
    const found = await this.queries.execute(new ListProductsQuery(after, limit + 1));
    return pageOf(found.map(productAnswer), limit, ({ sku }) => encodeCursor(sku));
  }

  /** Anyone may read the current state; only operators may read past states. */
  @Get(':sku')
  @ApiOperation({
    summary: 'Look a product up',
    description: 'The current state for everyone; a version or moment of the past for operators.',
  })
  @PublicWhen((request) => !requestsPastState(request))
  @Roles('operator')
  @Versioned()
  @ApiOkResponse({ type: ProductAnswer })
  @ApiProblems('not-found', 'product-not-found', 'version-not-found')
  async get(@Param('sku', SkuParam) sku: string, @Query() query: MomentQuery): Promise<ProductAnswer> {
    const moment = momentOf(query);
    const asked = moment ? new GetProductAtQuery(sku, moment) : new GetProductQuery(sku);
    return productAnswer(await this.queries.execute(asked));
  }

  @Get(':sku/history')
  @ApiOperation({
    summary: "List a product's history",
    description: 'For operators: every event of the product, oldest first.',
  })
  @Roles('operator')
  @ApiPage(EventItem)
  @ApiProblems('not-found', 'product-not-found')
  async listHistory(
    @Param('sku', SkuParam) sku: string,
    @Query() { limit, cursor }: ListQuery,
  ): Promise<Page<EventItem>> {
    const after = cursor === undefined ? 0 : decodeCursor(cursor, isVersion);
    const found = await this.queries.execute(new ListProductHistoryQuery(sku, after, limit + 1));
    return pageOf(found.map(eventItem), limit, ({ version }) => encodeCursor(version));
  }
}
