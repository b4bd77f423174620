/**
 * What the Security log calls what Sysmon, and so Sigma, calls otherwise; by event id. A field that is
 * already there under Sigma's name stays (`CommandLine` of 4688 is called so in both).
 */
export const AUDIT_FIELDS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  4688: {
    Image: 'NewProcessName',
    ParentImage: 'ParentProcessName',
    ParentProcessId: 'ProcessId',
    LogonId: 'SubjectLogonId',
    User: 'SubjectUserName',
    IntegrityLevel: 'MandatoryLabel',
  },
  4689: { Image: 'ProcessName', LogonId: 'SubjectLogonId', User: 'SubjectUserName' },
  4657: {
    Image: 'ProcessName',
    TargetObject: 'ObjectName',
    Details: 'NewValue',
    LogonId: 'SubjectLogonId',
    User: 'SubjectUserName',
  },
  5156: {
    Image: 'Application',
    SourceIp: 'SourceAddress',
    DestinationIp: 'DestAddress',
    DestinationPort: 'DestPort',
  },
}

/** `S-1-16-…`, the label of 4688, in the words of Sysmon. */
export const INTEGRITY_LEVELS: Readonly<Record<string, string>> = {
  'S-1-16-0': 'Untrusted',
  'S-1-16-4096': 'Low',
  'S-1-16-8192': 'Medium',
  'S-1-16-8448': 'MediumPlus',
  'S-1-16-12288': 'High',
  'S-1-16-16384': 'System',
}
