#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes template.yaml anew: user-data.sh stands in it as it is, but for its settings, which become parameters.

  make_template.py            writes template.yaml
  make_template.py --check    exit 1 if it is not what would be written
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
SETTINGS = ("IMAGE", "PUBLISH", "NAME", "CHECK")
TOP = """\
# SPDX-License-Identifier: Apache-2.0
# Written by make_template.py, from user-data.sh: change that, then run it.
AWSTemplateFormatVersion: "2010-09-09"
Description: One machine that runs a container image with Docker and answers on one port.

Parameters:
  Image:
    Type: String
    Description: Name of the image, or repository@sha256:... as script/image push prints it
    AllowedPattern: "[A-Za-z0-9./:@_-]+"
  KeyName:
    Type: AWS::EC2::KeyPair::KeyName
    Description: Key pair for logging in by SSH
  SshFrom:
    Type: String
    Description: Who may log in by SSH, for instance 203.0.113.7/32
    AllowedPattern: "\\\\d+\\\\.\\\\d+\\\\.\\\\d+\\\\.\\\\d+/\\\\d+"
  Port:
    Type: Number
    Description: Port of the machine that everybody may reach
    Default: 80
    MinValue: 1
    MaxValue: 65535
  ContainerPort:
    Type: Number
    Description: Port that the program in the image listens on
    Default: 4567
    MinValue: 1
    MaxValue: 65535
  CheckPath:
    Type: String
    Description: Path that must answer before the machine counts as made
    Default: /api/activities/home
    AllowedPattern: "/[A-Za-z0-9./_-]*"
  InstanceType:
    Type: String
    Default: t3.micro
  MachineImage:
    Type: AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>
    Description: Amazon Linux 2023 by default; user-data.sh knows Amazon Linux 2 and Debian, too
    Default: /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64

Resources:
  SecurityGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: The port of the program for everybody, SSH for one network
      SecurityGroupIngress:
        - Description: The program
          IpProtocol: tcp
          FromPort: !Ref Port
          ToPort: !Ref Port
          CidrIp: 0.0.0.0/0
        - Description: SSH
          IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: !Ref SshFrom

  Machine:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: !Ref InstanceType
      ImageId: !Ref MachineImage
      KeyName: !Ref KeyName
      SecurityGroupIds:
        - !GetAtt SecurityGroup.GroupId
      MetadataOptions:
        HttpTokens: required
      UserData:
        Fn::Base64:
          Fn::Join:
            - ""
            - - |
                #!/bin/bash
              - !Sub |
                IMAGE='${Image}'
                PUBLISH='${Port}:${ContainerPort}'
                NAME=backend
                CHECK='${CheckPath}'
              - |
"""
BOTTOM = """
Outputs:
  Url:
    Description: Where the program answers
    Value: !Sub "http://${Machine.PublicDnsName}:${Port}"
  Login:
    Description: Shell on the machine, as ec2-user on Amazon Linux, as admin on Debian
    Value: !Sub "ssh ec2-user@${Machine.PublicDnsName}"
"""


def body():
    """The script without its first line and its settings."""
    lines = (HERE / "user-data.sh").read_text().splitlines()[1:]
    return [line for line in lines if not re.match(rf"({'|'.join(SETTINGS)})=", line)]


def template():
    return TOP + "".join(f"{' ' * 16}{line}".rstrip() + "\n" for line in body()) + BOTTOM


def main():
    path = HERE / "template.yaml"
    if "--check" in sys.argv[1:]:
        sys.exit(0 if path.read_text() == template() else f"{path.name} is not what user-data.sh gives; run {sys.argv[0]}")
    path.write_text(template())


if __name__ == "__main__":
    main()
