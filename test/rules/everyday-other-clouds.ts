/** What projects and subscriptions see every day, in Google Cloud and in Azure. Nothing in it is worth more than `low`. */

type Entry = Readonly<Record<string, unknown>>

const TERRAFORM = 'terraform@shop-1.iam.gserviceaccount.com'
const CLUSTER = 'service-1@container-engine-robot.iam.gserviceaccount.com'
const PERSON = 'alice@example.org'

/** An entry of Cloud Audit Logs. */
function entry(who: string, service: string, methodName: string, payload: Entry = {}): Entry {
  return {
    logName: 'projects/shop-1/logs/cloudaudit.googleapis.com%2Factivity',
    protoPayload: {
      serviceName: `${service}.googleapis.com`,
      methodName,
      authenticationInfo: { principalEmail: who },
      requestMetadata: { callerIp: '198.51.100.7' },
      resourceName: `projects/shop-1/${methodName}`,
      ...payload,
    },
    resource: { type: 'project', labels: { project_id: 'shop-1', zone: 'europe-west3-a' } },
  }
}

function launch(who: string, zone: string, machine: string, payload: Entry = {}): Entry {
  const one = entry(who, 'compute', 'v1.compute.instances.insert', {
    resourceName: `projects/shop-1/zones/${zone}/instances/${machine}`,
    request: { machineType: `zones/${zone}/machineTypes/e2-standard-4` },
    ...payload,
  })
  return { ...one, resource: { type: 'gce_instance', labels: { project_id: 'shop-1', zone } } }
}

const allowed = (...permissions: readonly string[]): Entry => ({
  authorizationInfo: permissions.map((permission) => ({ permission, granted: true })),
})
const given = (role: string, member: string): Entry => ({
  serviceData: { policyDelta: { bindingDeltas: [{ action: 'ADD', role, member }] } },
})

export const EVERYDAY_GCP: Readonly<Record<string, readonly Entry[]>> = {
  'a network that is built': [
    entry(TERRAFORM, 'compute', 'v1.compute.networks.insert'),
    entry(TERRAFORM, 'compute', 'v1.compute.subnetworks.insert', {
      request: { logConfig: { enable: true } },
    }),
    entry(TERRAFORM, 'compute', 'v1.compute.firewalls.insert', {
      request: { sourceRanges: ['0.0.0.0/0'], alloweds: [{ IPProtocol: 'tcp', ports: ['80', '443'] }] },
    }),
    entry(TERRAFORM, 'compute', 'v1.compute.firewalls.patch', { request: { sourceRanges: ['10.0.0.0/8'] } }),
    entry(TERRAFORM, 'dns', 'dns.managedZones.create', {
      request: { managedZone: { dnsName: 'a.example.' } },
    }),
    entry(TERRAFORM, 'dns', 'dns.changes.create'),
    entry(TERRAFORM, 'dns', 'dns.policies.create', {
      request: {
        policy: { alternativeNameServerConfig: { targetNameServers: [{ ipv4Address: '10.0.0.53' }] } },
      },
    }),
    entry(TERRAFORM, 'logging', 'google.logging.v2.ConfigServiceV2.CreateSink'),
    entry(TERRAFORM, 'logging', 'google.logging.v2.ConfigServiceV2.UpdateSink'),
  ],
  'a deployment': [
    entry(
      TERRAFORM,
      'iam',
      'google.iam.admin.v1.CreateServiceAccount',
      allowed('iam.serviceAccounts.create'),
    ),
    entry(
      TERRAFORM,
      'cloudresourcemanager',
      'SetIamPolicy',
      given('roles/logging.logWriter', 'serviceAccount:a@shop-1.iam.gserviceaccount.com'),
    ),
    entry(
      TERRAFORM,
      'iam',
      'google.iam.admin.v1.SetIAMPolicy',
      given('roles/iam.workloadIdentityUser', 'serviceAccount:shop-1.svc.id.goog[app/app]'),
    ),
    entry(TERRAFORM, 'run', 'google.cloud.run.v1.Services.CreateService', allowed('run.services.create')),
    entry(TERRAFORM, 'run', 'google.cloud.run.v1.Services.SetIamPolicy', {
      ...allowed('run.services.setIamPolicy'),
      request: { policy: { bindings: [{ role: 'roles/run.invoker', members: ['allUsers'] }] } },
    }),
    entry(
      TERRAFORM,
      'cloudbuild',
      'google.devtools.cloudbuild.v1.CloudBuild.CreateBuild',
      allowed('cloudbuild.builds.create'),
    ),
    entry(TERRAFORM, 'iamcredentials', 'GenerateAccessToken', allowed('iam.serviceAccounts.getAccessToken')),
    ...['a', 'b', 'c'].map((zone) => launch(TERRAFORM, `europe-west3-${zone}`, `web-${zone}`)),
  ],
  'an environment that is torn down': [
    'logging.v2.MetricsServiceV2.DeleteLogMetric',
    'monitoring.v3.AlertPolicyService.DeleteAlertPolicy',
    'monitoring.v3.NotificationChannelService.DeleteNotificationChannel',
  ].map((method) =>
    entry(TERRAFORM, method.slice(0, method.indexOf('.')), `google.${method}`, {
      requestMetadata: {
        callerIp: '198.51.100.7',
        callerSuppliedUserAgent: 'google-api-go-client/0.5 Terraform/1.9 terraform-provider-google/6.1',
      },
    }),
  ),
  'a cluster that grows': Array.from({ length: 40 }, (_, node) =>
    launch(CLUSTER, `europe-west3-${'abc'[node % 3] ?? 'a'}`, `gke-pool-${node}`, {
      request: { machineType: 'zones/europe-west3-a/machineTypes/n2-standard-96' },
    }),
  ),
  'an administrator': [
    entry(PERSON, 'iap', 'AuthorizeUser', allowed('iap.tunnelInstances.accessViaIAP')),
    entry(PERSON, 'compute', 'v1.compute.projects.setCommonInstanceMetadata', {
      metadata: { projectMetadataDelta: { modifiedMetadataKeys: ['ssh-keys'] } },
    }),
    launch(
      PERSON,
      'europe-west3-a',
      'try-1',
      allowed('compute.instances.setMetadata', 'compute.instances.setServiceAccount'),
    ),
    launch(PERSON, 'europe-west3-a', 'model-1', {
      request: { machineType: 'zones/europe-west3-a/machineTypes/g2-standard-8' },
    }),
    entry(
      PERSON,
      'iam',
      'google.iam.admin.v1.CreateServiceAccountKey',
      allowed('iam.serviceAccountKeys.create'),
    ),
    entry(PERSON, 'cloudresourcemanager', 'SetIamPolicy', given('roles/owner', 'user:bob@example.org')),
    entry(PERSON, 'monitoring', 'google.monitoring.v3.AlertPolicyService.DeleteAlertPolicy'),
  ],
}

/** A record of the activity log. */
function activity(operationName: string, body?: Entry): Entry {
  return {
    resourceId: `/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000001/RESOURCEGROUPS/RG/${operationName}`,
    operationName: operationName.toUpperCase(),
    category: 'Administrative',
    resultType: 'Success',
    callerIpAddress: '198.51.100.7',
    ...(body === undefined ? {} : { properties: { requestbody: JSON.stringify(body) } }),
  }
}

export const EVERYDAY_AZURE: Readonly<Record<string, readonly Entry[]>> = {
  'a network that is built': [
    activity('Microsoft.Network/virtualNetworks/write', {
      properties: { dhcpOptions: { dnsServers: ['10.0.0.4'] } },
    }),
    activity('Microsoft.Network/networkSecurityGroups/write'),
    activity('Microsoft.Network/networkSecurityGroups/securityRules/write', {
      properties: {
        access: 'Allow',
        direction: 'Inbound',
        sourceAddressPrefix: 'Internet',
        destinationPortRange: '443',
      },
    }),
    activity('Microsoft.Network/privateDnsZones/A/write'),
    activity('Microsoft.Insights/diagnosticSettings/write'),
  ],
  'a deployment': [
    activity('Microsoft.Storage/storageAccounts/write', {
      location: 'westeurope',
      properties: { allowBlobPublicAccess: false, networkAcls: { defaultAction: 'Allow' } },
    }),
    activity('Microsoft.Storage/storageAccounts/listKeys/action'),
    activity('Microsoft.Authorization/roleAssignments/write', {
      Properties: {
        RoleDefinitionId:
          '/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c',
      },
    }),
    activity('Microsoft.Compute/virtualMachines/write', {
      properties: { hardwareProfile: { vmSize: 'Standard_D4s_v5' } },
    }),
    activity('Microsoft.Compute/virtualMachines/extensions/write'),
    activity('Microsoft.KeyVault/vaults/secrets/read'),
    activity('Microsoft.Automation/automationAccounts/runbooks/publish/action'),
    activity('Microsoft.Authorization/locks/delete'),
    activity('Microsoft.Insights/metricAlerts/delete'),
    activity('Microsoft.Insights/metricAlerts/write'),
  ],
  'an administrator': [
    activity('Microsoft.Compute/virtualMachines/read'),
    activity('Microsoft.Compute/virtualMachines/runCommand/action'),
    activity('Microsoft.Compute/virtualMachines/write', {
      properties: { hardwareProfile: { vmSize: 'Standard_NC24ads_A100_v4' } },
    }),
    activity('Microsoft.Compute/disks/beginGetAccess/action'),
    activity('Microsoft.Compute/virtualMachines/delete'),
  ],
}
