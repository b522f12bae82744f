// apiextensions.k8s.io/v1beta1, as Kubernetes served it until 1.21: one schema, one set of columns and subresources for all
// versions, and fields that no schema names are kept unless told otherwise.
import type { KubeObject } from '../../store/types';
import type { ServedVersion } from '../definition';
import { untyped } from '../untyped';

interface Column {
  JSONPath?: string;
  jsonPath?: string;
}

interface Version {
  name: string;
  served?: boolean;
  storage?: boolean;
  schema?: object;
  subresources?: object;
  additionalPrinterColumns?: Column[];
}

const TYPE = 'v1beta1.CustomResourceDefinition';

const keepAll = (schema: object | undefined): object => ({
  openAPIV3Schema: {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
    ...(schema as { openAPIV3Schema?: object } | undefined)?.openAPIV3Schema,
  },
});

function toV1(object: KubeObject): KubeObject {
  const {
    version,
    versions,
    validation,
    subresources,
    additionalPrinterColumns,
    preserveUnknownFields = true,
    ...spec
  } = object['spec'] ?? {};
  const listed: Version[] = versions ?? [{ name: version, served: true, storage: true }];
  const converted = listed.map((each) => {
    const schema = each.schema ?? validation;
    const columns = (each.additionalPrinterColumns ?? additionalPrinterColumns) as Column[] | undefined;
    const below = each.subresources ?? subresources;
    return {
      name: each.name,
      served: each.served ?? false,
      storage: each.storage ?? false,
      schema: preserveUnknownFields || !schema ? keepAll(schema) : schema,
      ...(below && { subresources: below }),
      ...(columns && {
        additionalPrinterColumns: columns.map(({ JSONPath, ...rest }) => ({
          ...rest,
          jsonPath: JSONPath ?? rest.jsonPath,
        })),
      }),
    };
  });
  return {
    ...object,
    apiVersion: 'apiextensions.k8s.io/v1',
    spec: { ...spec, versions: converted, ...(preserveUnknownFields && { preserveUnknownFields }) },
  };
}

function fromV1(object: KubeObject): KubeObject {
  const { versions = [], preserveUnknownFields = false, ...spec } = object['spec'] ?? {};
  const [first] = versions as Version[];
  const shown = (versions as Version[]).map(
    ({ additionalPrinterColumns, schema: _schema, subresources: _subresources, ...rest }) => ({
      ...rest,
      ...(additionalPrinterColumns && {
        additionalPrinterColumns: additionalPrinterColumns.map(({ jsonPath, ...column }) => ({
          ...column,
          JSONPath: jsonPath,
        })),
      }),
    }),
  );
  return {
    ...object,
    apiVersion: 'apiextensions.k8s.io/v1beta1',
    spec: {
      ...spec,
      preserveUnknownFields,
      version: first?.name,
      versions: shown,
      ...(first?.schema && { validation: first.schema }),
      ...(first?.subresources && { subresources: first.subresources }),
    },
  };
}

export const v1beta1: ServedVersion = {
  name: 'v1beta1',
  type: TYPE,
  legacy:
    'apiextensions.k8s.io/v1beta1 CustomResourceDefinition is deprecated in v1.16+, unavailable in v1.22+; use apiextensions.k8s.io/v1 CustomResourceDefinition',
  decode: toV1,
  encode: fromV1,
};

export const v1beta1Types = untyped(TYPE);
