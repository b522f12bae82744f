// Command lines whose output differs from real kubectl's, each with its reason. The test fails when another one differs, and when
// one of these does not.

export const KNOWN_DIFFERENCES: Record<string, string> = {
  'kubectl create deployment cli --image=nginx -o yaml --dry-run=client --save-config':
    "the annotation holds the same object in the order of Go's struct fields; ours is sorted otherwise",
  'kubectl explain pod --output=plaintext-openapiv2 | head -5':
    'the older layout is not there: ours explains from OpenAPI v3 whatever is asked for',
  'kubectl completion bash | head -c 20': 'the shell completes by itself, so the script has nothing to define',
  'kubectl get -f bad.yaml': 'kubectl leaves out `error:` before the single error of a get by file',
};
