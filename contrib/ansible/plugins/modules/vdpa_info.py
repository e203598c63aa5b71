#!/usr/bin/python
# SPDX-License-Identifier: GPL-2.0-or-later
"""Returns what "vdpa show" knows of a host."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: vdpa_info
short_description: Return the vDPA management devices, devices and features of a host
version_added: "1.0.0"
description:
  - Returns the documents of C(vdpa -j mgmtdev show), C(vdpa -j -d dev show) and C(vdpa -j features
    show). Nothing is changed.
  - A device that the kernel cannot describe is missing, with a warning.
author:
  - the authors of vdpa-tools (@vdpa-tools)
requirements:
  - vdpa of vdpa-tools on the host.
options:
  program:
    description: The program, if it is not where programs of administrators are.
    type: path
attributes:
  check_mode:
    support: full
    description: Nothing is ever changed.
  diff_mode:
    support: none
    description: Nothing is ever changed.
"""

EXAMPLES = r"""
- name: See what a host can create devices with
  vdpa_tools.vdpa.vdpa_info:
  register: vdpa

- name: Require a card
  ansible.builtin.assert:
    that: "'pci/0000:65:00.2' in vdpa.mgmtdevs"
"""

RETURN = r"""
mgmtdevs:
  description: The management devices by their names, see C(vdpa-mgmtdev(8)).
  returned: always
  type: dict
  sample: {"vdpasim_net": {"supported_classes": ["net"], "max_supported_vqs": 3}}
devices:
  description: The devices by their names, with driver and node, see C(vdpa-dev(8)).
  returned: always
  type: dict
  sample: {"vm1": {"type": "network", "mgmtdev": "vdpasim_net", "driver": "vhost_vdpa"}}
features:
  description: The features by the devices' names, see C(vdpa-dev(8)).
  returned: always
  type: dict
  sample: {"vm1": {"supported": ["MAC", "MTU"], "device": ["MAC"]}}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.vdpa_tools.vdpa.plugins.module_utils.vdpa import Answer

# The results by their names, with the command and the key of its document for each.
COMMANDS = dict(
    mgmtdevs=(["mgmtdev", "show"], "mgmtdev"),
    devices=(["-d", "dev", "show"], "dev"),
    features=(["features", "show"], "features"),
)


def show(module, words, key):
    """Returns what is below a key of a command's document."""
    answer = Answer(module, words)
    for message in answer.warnings:
        module.warn(message)
    try:
        found = answer.document[key]
    except (KeyError, TypeError):
        module.fail_json(msg=answer.why(), rc=answer.status)
    for message in answer.errors:
        module.warn(message)
    return found


def main():
    """Asks for everything."""
    module = AnsibleModule(argument_spec=dict(program=dict(type="path")), supports_check_mode=True)
    module.exit_json(changed=False, **dict((name, show(module, words, key))
                                           for name, (words, key) in COMMANDS.items()))


if __name__ == "__main__":
    main()
