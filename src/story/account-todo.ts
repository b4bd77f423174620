import type { Incident } from '../incidents/incident.ts'
import { formatTime } from '../text/time.ts'
import { quoteShell } from '../text/shell.ts'
import { type Caller, callerName, callersOf, isComputing, providerOf } from './account.ts'
import type { ToDo } from './document.ts'

/** Disabling of what records and watches. */
const GUARDS = /^T1685/u
/** Characters of the day in a time: `2026-05-12`. */
const DAY = 10
/** And to its seconds. */
const SECONDS = 19

const OTHER: ToDo[] = [
  { text: 'Take the access away from whoever made these calls: their keys, their sessions, their password.' },
  { text: 'See what runs in every region, and end what is not yours.' },
  { text: 'See which identities were made since, and take away those that are not yours.' },
  { text: 'Find where the credentials were taken from. Until then they can be taken again.' },
]

/** What to do about an account of a cloud or about a cluster, first things first. */
export function accountToDo(incident: Incident): ToDo[] {
  const provider = providerOf(incident)
  if (provider === 'aws') return awsToDo(incident)
  return provider === 'kubernetes' ? clusterToDo(incident) : OTHER
}

function awsToDo(incident: Incident): ToDo[] {
  const day = formatTime(incident.firstSeen).slice(0, DAY)
  return [
    ...lockOut(incident),
    ...guardsBack(incident),
    {
      text: 'See what runs in every region, and end what is not yours: scaling groups and services first, for they start it again. What will not end is protected; switch that off first (aws ec2 modify-instance-attribute --no-disable-api-termination).',
      command: `for region in $(aws ec2 describe-regions --query 'Regions[].RegionName' --output text); do echo "$region"; aws ec2 describe-instances --region "$region" --filters Name=instance-state-name,Values=pending,running --query 'Reservations[].Instances[].[InstanceId,InstanceType,LaunchTime]' --output text; aws autoscaling describe-auto-scaling-groups --region "$region" --query 'AutoScalingGroups[].AutoScalingGroupName' --output text; aws ecs list-clusters --region "$region" --query 'clusterArns' --output text; done`,
    },
    {
      text: 'See which users and roles were made since, and take away those that are not yours, with their keys.',
      command: `aws iam list-users --query ${quoteShell(`Users[?CreateDate>=\`${day}\`].[UserName,CreateDate]`)} --output text; aws iam list-roles --query ${quoteShell(`Roles[?CreateDate>=\`${day}\`].[RoleName,CreateDate]`)} --output text`,
    },
    {
      text: 'Find where the credentials were taken from: a repository, a pipeline, a laptop, or a machine whose role it is. Until then they can be taken again.',
    },
    {
      text: 'Tell AWS (a support case): they help to find what was started, and often forgive the bill.',
    },
  ]
}

function lockOut(incident: Incident): ToDo[] {
  const callers = callersOf(incident)
  if (callers.length === 0)
    return [
      {
        text: 'Take the access away from whoever made these calls: the records name the user or the role and the key.',
        command: `aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --start-time ${formatTime(incident.firstSeen).slice(0, SECONDS)}Z --query 'Events[].[EventTime,Username,AccessKeyId,EventName]' --output text`,
      },
    ]
  return callers.map((caller) => lockOutOf(caller))
}

function lockOutOf(caller: Caller): ToDo {
  if (caller.kind === 'root')
    return {
      text: 'Change the password of root, give it a second factor, and delete its keys (in the console, under Security credentials).',
    }
  const name = quoteShell(caller.name)
  if (caller.kind === 'user')
    return {
      text: `Deny ${callerName(caller)} everything (sessions that were made with a key outlive it), and take ${caller.accessKeyId === null ? 'the keys' : 'the key'} out of use.`,
      command: `aws iam attach-user-policy --user-name ${name} --policy-arn arn:aws:iam::aws:policy/AWSDenyAll && aws iam ${
        caller.accessKeyId === null
          ? `list-access-keys --user-name ${name}`
          : `update-access-key --user-name ${name} --access-key-id ${quoteShell(caller.accessKeyId)} --status Inactive`
      }`,
    }
  return {
    text: `End the sessions of ${callerName(caller)}: what uses the role gets new ones by itself, whoever took one along does not.`,
    command: `aws iam put-role-policy --role-name ${name} --policy-name RevokeOlderSessions --policy-document "{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{\\"Effect\\":\\"Deny\\",\\"Action\\":\\"*\\",\\"Resource\\":\\"*\\",\\"Condition\\":{\\"DateLessThan\\":{\\"aws:TokenIssueTime\\":\\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\\"}}}]}"`,
  }
}

function guardsBack(incident: Incident): ToDo[] {
  if (!incident.findings.some(({ attack }) => attack.some((id) => GUARDS.test(id)))) return []
  return [
    {
      text: 'Switch on again what records and watches the account: what happens meanwhile is not seen.',
      command:
        'for trail in $(aws cloudtrail describe-trails --query \'trailList[].TrailARN\' --output text); do aws cloudtrail start-logging --name "$trail"; done; aws guardduty list-detectors; aws configservice describe-configuration-recorder-status',
    },
  ]
}

function clusterToDo(incident: Incident): ToDo[] {
  const steps: ToDo[] = [
    {
      text: 'See what runs on the cluster, newest last, and keep the definition of what is not yours before you delete it (kubectl get … -o yaml).',
      command:
        'kubectl get pods,deployments,daemonsets,jobs,cronjobs -A --sort-by=.metadata.creationTimestamp -o wide',
    },
    {
      text: 'See who may do everything, and take away what is not yours.',
      command: 'kubectl get clusterrolebindings -o wide --sort-by=.metadata.creationTimestamp',
    },
    {
      text: 'Close the way in: requests without a name (--anonymous-auth=false), and the API for all but the networks that you work in.',
    },
    { text: 'Change every secret that the cluster holds, and the identities of the pods that were reached.' },
  ]
  if (!isComputing(incident)) return steps
  return [
    ...steps.slice(0, 1),
    { text: 'See which nodes are busy.', command: 'kubectl top nodes && kubectl top pods -A --sort-by=cpu' },
    ...steps.slice(1),
  ]
}
