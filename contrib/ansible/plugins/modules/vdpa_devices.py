#!/usr/bin/python
# SPDX-License-Identifier: GPL-2.0-or-later
"""Hands a list of devices to "vdpa apply", and its document back."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: vdpa_devices
short_description: Create, change and delete vDPA devices until they match a list
version_added: "1.0.0"
description:
  - Hands a list of devices to C(vdpa apply), which examines what there is, refuses what is known to
    fail, does the rest, and undoes it after a failure.
  - The module decides nothing itself. See C(vdpa-apply(8)) for what an action means.
  - With C(--check) nothing is changed, and the result says what would be.
author:
  - the authors of vdpa-tools (@vdpa-tools)
requirements:
  - vdpa of vdpa-tools on the host; iproute2's command of that name cannot apply.
options:
  devices:
    description: Devices that must exist.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the device.
        type: str
        required: true
      mgmtdev:
        description: Management device that creates it, such as C(pci/0000:65:00.2).
        type: str
        required: true
      type:
        description: Virtio type, where the management device creates several.
        type: str
      mac:
        description:
          - MAC address.
          - Quote it. YAML takes an address of digits, such as C(52:54:00:12:34:56), for a number.
        type: str
      mtu:
        description: MTU in bytes.
        type: int
      max_vqp:
        description: Number of pairs of queues, or C(max).
        type: str
      device_features:
        description: Names of all features that the device offers.
        type: list
        elements: str
      driver:
        description: Driver that it is bound to, C(vhost_vdpa), C(virtio_vdpa) or C(none).
        type: str
      owner:
        description: Owner of its node, for C(vhost_vdpa).
        type: str
      group:
        description: Group of its node.
        type: str
      mode:
        description: Permissions of its node in octal, such as C("0660").
        type: raw
      wait:
        description: How many seconds to wait for its node, interface or disk.
        type: int
  absent:
    description: Names of devices that must not exist.
    type: list
    elements: str
    default: []
  prune:
    description:
      - Delete the devices that are not in the list, on the management devices that are in it.
      - The list must then have all devices of these management devices, also those of other files
        in C(/etc/vdpa/devices.d).
    type: bool
    default: false
  replace:
    description:
      - Delete and create again the devices whose differences cannot be set. Without it, these are
        refused, and the task fails.
      - A device that a virtual machine has open is refused all the same.
    type: bool
    default: false
  wait:
    description: How many seconds to wait for nodes, interfaces and disks of new devices.
    type: int
  each:
    description:
      - Let no device depend on another. Those that can be done are done, and the task fails
        afterwards if there were others.
      - By default a failure undoes the whole run.
    type: bool
    default: false
  program:
    description: The program, if it is not where programs of administrators are.
    type: path
attributes:
  check_mode:
    support: full
    description: Nothing is changed.
  diff_mode:
    support: full
    description: Shows each device that differs, before and after.
"""

EXAMPLES = r"""
- name: Create two devices for virtual machines
  vdpa_tools.vdpa.vdpa_devices:
    devices:
      - name: vm1
        mgmtdev: pci/0000:65:00.2
        mac: "02:00:00:00:00:01"
        mtu: 9000
        driver: vhost_vdpa
        group: kvm
        mode: "0660"
      - name: vm2
        mgmtdev: pci/0000:65:00.3
        mac: "02:00:00:00:00:02"
        driver: vhost_vdpa

- name: Have exactly these devices on this card, and change their MTU where no guest uses them
  vdpa_tools.vdpa.vdpa_devices:
    devices: "{{ vdpa_host_devices }}"
    prune: true
    replace: true
    each: true
"""

RETURN = r"""
devices:
  description: The devices by their names, as the document of C(vdpa -j apply) has them.
  returned: if the list was understood
  type: dict
  contains:
    action:
      description: C(same), C(add), C(bind), C(set), C(replace), C(delete), C(pending), C(refused),
        C(unknown) or C(drift).
      type: str
    done:
      description: Whether that was done.
      type: bool
    before:
      description: The values that differ, as they were.
      type: dict
    after:
      description: The values that differ, as they are to be.
      type: dict
    differs:
      description: The words for them.
      type: list
    error:
      description: What failed, or why it is refused.
      type: str
    reason:
      description: Why it is pending, unknown or drift.
      type: str
    hint:
      description: What would help.
      type: str
  sample: {"vm1": {"action": "add", "done": true}}
pending:
  description: Why devices wait for their management device or their program, by their names. They
    are created as soon as it comes, if C(vdpa-apply.service) is enabled and a file names them.
  returned: if the list was understood
  type: dict
  sample: {"vm2": "there is no management device 'pci/0000:65:00.3'"}
document:
  description: What was handed to C(vdpa apply). A file in C(/etc/vdpa/devices.d) can hold it.
  returned: if the list was understood
  type: dict
"""

import json

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.vdpa_tools.vdpa.plugins.module_utils.vdpa import Answer

DEVICE = dict(
    name=dict(type="str", required=True),
    mgmtdev=dict(type="str", required=True),
    type=dict(type="str"),
    mac=dict(type="str"),
    mtu=dict(type="int"),
    max_vqp=dict(type="str"),
    device_features=dict(type="list", elements="str"),
    driver=dict(type="str"),
    owner=dict(type="str"),
    group=dict(type="str"),
    mode=dict(type="raw"),
    wait=dict(type="int"),
)

OPTIONS = dict(
    devices=dict(type="list", elements="dict", options=DEVICE, default=[]),
    absent=dict(type="list", elements="str", default=[]),
    prune=dict(type="bool", default=False),
    replace=dict(type="bool", default=False),
    wait=dict(type="int"),
    each=dict(type="bool", default=False),
    program=dict(type="path"),
)


def octal(mode):
    """YAML takes 0660 for a number, the right one."""
    return "%04o" % mode if isinstance(mode, int) else mode


def settings(device):
    """Returns what was given for a device, in the form of the JSON document."""
    given = dict((key, value) for key, value in device.items() if value is not None)
    del given["name"]
    if "mode" in given:
        given["mode"] = octal(given["mode"])
    return given


def text_of(devices, absent):
    """Returns the document as text: a name that is there twice stays so, for vdpa to refuse it."""
    each = ", ".join("%s: %s" % (json.dumps(device["name"]), json.dumps(settings(device)))
                     for device in devices)
    return '{"save": {"version": 1, "dev": {%s}, "absent": %s}}' % (each, json.dumps(absent))


def arguments(module):
    """Returns the command's words."""
    words = ["-f"] if module.params["each"] and not module.check_mode else []
    words += ["apply", "-"]
    words += ["check"] if module.check_mode else []
    words += [word for word in ("prune", "replace") if module.params[word]]
    if module.params["wait"] is not None:
        words += ["wait", str(module.params["wait"])]
    return words


def difference(devices, given):
    """Returns what --diff shows: the devices that differ, as they are, and as they are to be."""
    before, after = {}, {}
    for name, device in devices.items():
        if device["action"] == "add":
            after[name] = given.get(name)
        elif device["action"] == "delete":
            before[name] = "exists"
        elif device.get("differs"):
            before[name], after[name] = device.get("before", {}), device.get("after", {})
    return dict(before=before, after=after)


def reason(device, key):
    """Returns why a device is as it is, with what would help."""
    return device[key] + (" (hint: %s)" % device["hint"] if "hint" in device else "")


def main():
    """Applies the list."""
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    text = text_of(module.params["devices"], module.params["absent"])
    answer = Answer(module, arguments(module), data=text)
    for warning in answer.warnings:
        module.warn(warning)
    try:
        applied = answer.document["apply"]
    except (KeyError, TypeError):
        module.fail_json(msg=answer.why(), rc=answer.status)
    devices, document = applied["dev"], json.loads(text)
    result = dict(
        changed=applied["changed"], devices=devices, document=document,
        pending=dict((name, reason(device, "reason")) for name, device in devices.items()
                     if device["action"] == "pending"),
        diff=difference(devices, document["save"]["dev"]))
    failed = sorted("'%s': %s" % (name, reason(device, "error"))
                    for name, device in devices.items() if "error" in device)
    if failed or answer.status not in (0, 8):
        module.fail_json(msg="; ".join(failed) or answer.why(), rc=answer.status, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
