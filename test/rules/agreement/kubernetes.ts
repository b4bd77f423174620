import { z } from 'zod'
import type { SameQuestions } from './agreement.ts'
import { rulesSay } from './rules-say.ts'

const LOG_SOURCE = { product: 'kubernetes', category: 'application', service: 'audit' }
const Fields = z.record(z.string(), z.unknown())
const BY_ADDRESS =
  'whose a public address is takes a list of the providers’ networks; ours goes by the program that called as well'

export const kubernetes: SameQuestions = {
  folder: 'kubernetes_rules',
  logs: 'Kubernetes audit',
  asked: {
    k8s_admission_controller_created: ['webhook_created'],
    k8s_anonymous_api_access: ['anonymous_answered'],
    k8s_client_certificate_created: ['certificate_asked'],
    k8s_clusterrolebinding_privileged: ['cluster_admin_given', 'cluster_admin_all'],
    k8s_cronjob_created_or_modified: ['schedule_changed'],
    k8s_daemonset_created: ['daemon_created'],
    k8s_exec_into_pod: ['pod_exec'],
    k8s_kubectl_cp_operation: ['pod_copied'],
    k8s_pod_created_in_system_namespace: ['pod_among_system'],
    k8s_pod_dangerous_capabilities: ['pod_capabilities'],
    k8s_pod_host_ipc: ['pod_host_ipc'],
    k8s_pod_host_network: ['pod_host_network'],
    k8s_pod_host_pid: ['pod_host_pid'],
    k8s_pod_hostpath_volume: ['pod_host_path'],
    k8s_privileged_pod_created: ['pod_rights'],
    k8s_role_node_proxy_permissions: ['role_node_proxy'],
    k8s_role_pod_exec: ['role_exec'],
    k8s_role_wildcard: ['role_wildcard'],
    k8s_secret_access_denied: ['secret_denied'],
    k8s_secrets_dump_all_namespaces: ['secrets_listed_all'],
    k8s_service_nodeport: ['node_port'],
    k8s_serviceaccount_token_created: ['token_made'],
    k8s_steal_serviceaccount_token: ['pod_token_read'],
    k8s_system_principal_public_ip: ['system_from_outside'],
    k8s_system_role_modified: ['system_role_changed'],
  },
  notAsked: {
    k8s_ingress_without_tls: 'a web site without encryption is no way in for miners',
    k8s_ioc_activity: 'needs the reader’s own list of bad addresses',
    k8s_multiple_403_public_ip: 'a count over time; its examples are single records of one refusal',
    k8s_role_write_permissions:
      'every operator of a cluster has such a role; ours ask for the dangerous ones',
    k8s_secret_enumeration: 'a count over time; its examples are single records of one read',
  },
  disagreements: {
    'k8s_system_principal_public_ip: EKS System ServiceAccount from Non-AWS Public IP': BY_ADDRESS,
    'k8s_system_principal_public_ip: AKS System ServiceAccount from Non-Azure Public IP': BY_ADDRESS,
  },
  said(log) {
    const event = auditEvent(log)
    return event === null ? null : rulesSay(event, LOG_SOURCE)
  },
}

/** The audit event of an example; null where it is a record of another log (Google’s audit log). */
function auditEvent(log: Readonly<Record<string, unknown>>): z.infer<typeof Fields> | null {
  if ('protoPayload' in log) return null
  const properties = z.object({ log: z.string() }).safeParse(log['properties'])
  if (properties.success) return Fields.parse(JSON.parse(properties.data.log))
  return 'verb' in log || 'user' in log ? log : null
}
