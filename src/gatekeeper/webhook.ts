import type { JsonObject } from '../kubernetes/json.ts';

/** The configuration that Gatekeeper's chart and released manifest create. */
export const CONFIGURATION = 'gatekeeper-validating-webhook-configuration';

/** The webhook of it that checks requests. The other one only guards the label that exempts a namespace. */
const WEBHOOK = 'validation.gatekeeper.sh';

/** By default an API server admits what Gatekeeper does not answer. */
const FAILURE_POLICY = 'Fail';

/** Seconds, some times what the slowest request takes (docs/gatekeeper.md). Gatekeeper's default is 3. */
const TIMEOUT = 10;

/**
 * Requests without which a cluster does not survive a failure of Gatekeeper, and that no policy checks: a kubelet
 * renews its Lease every ten seconds, and its node is not ready after forty without.
 */
const MATCH_CONDITIONS = [
  {
    name: 'not-leases-events-and-reviews',
    expression:
      '!(request.resource.group in ["coordination.k8s.io", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io"]' +
      ' || request.resource.group == "" && request.resource.resource == "events")',
  },
];

/** A strategic merge patch of Gatekeeper's configuration: for `kubectl patch`, and for kustomize. */
export function webhookPatch(): JsonObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: CONFIGURATION },
    webhooks: [
      {
        name: WEBHOOK,
        failurePolicy: FAILURE_POLICY,
        timeoutSeconds: TIMEOUT,
        matchConditions: [...MATCH_CONDITIONS],
      },
    ],
  };
}

/** The same settings as values of Gatekeeper's chart. */
export function chartValues(): JsonObject {
  return {
    validatingWebhookFailurePolicy: FAILURE_POLICY,
    validatingWebhookTimeoutSeconds: TIMEOUT,
    validatingWebhookMatchConditions: [...MATCH_CONDITIONS],
  };
}
