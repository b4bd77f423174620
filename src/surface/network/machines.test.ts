import { describe, expect, it } from 'vitest'
import { buildNetwork } from './build.ts'
import { machinesOf } from './machines.ts'
import { resource } from './samples/described.ts'

describe('machines of a network', () => {
  it('have their names, addresses and what else logs call them by', () => {
    const { network } = buildNetwork([
      resource('aws_instance', 'i-1', {
        InstanceId: 'i-1',
        InstanceType: 't3.micro',
        ImageId: 'ami-1',
        KeyName: 'ops',
        LaunchTime: '2026-01-02T03:04:05+00:00',
        PrivateDnsName: 'ip-10-0-1-10.ec2.internal',
        State: { Name: 'running' },
        Placement: { AvailabilityZone: 'eu-west-1a' },
        IamInstanceProfile: { Arn: 'arn:aws:iam::111122223333:instance-profile/web' },
        MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 2, HttpEndpoint: 'enabled' },
        Tags: [{ Key: 'Name', Value: 'web' }],
        NetworkInterfaces: [
          {
            NetworkInterfaceId: 'eni-1',
            Groups: [{ GroupId: 'sg-1' }],
            PrivateIpAddresses: [
              { PrivateIpAddress: '10.0.1.10', Association: { PublicIp: '203.0.113.10' } },
            ],
            Ipv6Addresses: [{ Ipv6Address: '2001:db8::10' }],
          },
        ],
      }),
    ])
    expect(machinesOf(network)).toEqual([
      expect.objectContaining({
        instance: 'i-1',
        names: ['web', 'ip-10-0-1-10.ec2.internal'],
        privateAddresses: ['10.0.1.10', '2001:db8::10'],
        publicAddresses: ['203.0.113.10'],
        type: 't3.micro',
        launchedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
        image: 'ami-1',
        keyName: 'ops',
        instanceProfile: 'arn:aws:iam::111122223333:instance-profile/web',
        metadata: { httpTokens: 'optional', hopLimit: 2, endpoint: 'enabled' },
        state: 'running',
        account: '111122223333',
        region: 'eu-west-1',
        securityGroups: ['sg-1'],
      }),
    ])
  })
})
