import { generator, reading } from '../project/generator.js';
import { KnownAggregate } from '../project/aggregates.js';
import { Feature, featuresOf } from '../project/features.js';
import { registerInKernel } from '../project/modules.js';
import { Refusal } from '../project/refusal.js';
import { refuseTakenClass } from '../project/reserved-words.js';
import { singular, withArticle } from '../project/words.js';

/** Generates an aggregate, its closed list of events, its errors, and a spec: `nest g aggregate returns/return`. */
export const aggregate = generator(reading('aggregate', { example: 'returns/return' }), (tree, request) => {
  const feature = Feature.find(tree, request.feature);
  const name = singular(request.name);
  refuseTakenClass(name);
  feature.refuseExisting(tree, `aggregate ${name}`, `domain/${name}.aggregate.ts`);
  const self = new KnownAggregate(feature, name);
  refuseOthersStreams(tree, self);

  registerInKernel(tree, feature, ['aggregates'], self.className, `./domain/${name}.aggregate.js`);
  return {
    values: { at: feature.name, name, aggregate: self, described: withArticle(self.spoken) },
    next: [`npx nest g event ${feature.name}/<what-has-happened>, such as ${name}-requested`],
  };
});

/**
 * Streams are named after their category, and each category belongs to one aggregate.
 * @param {import('@angular-devkit/schematics').Tree} tree
 * @param {KnownAggregate} aggregate
 */
function refuseOthersStreams(tree, { category }) {
  for (const each of featuresOf(tree).map((known) => new Feature(known))) {
    const names = each.namesIn(tree, 'domain', '.aggregate.ts');
    const same = names.find((name) => new KnownAggregate(each, name).category === category);
    if (same) {
      throw new Refusal(
        `${each.name} has the aggregate ${same}, whose streams are called ${category}-<id>. Choose another name.`,
      );
    }
  }
}
