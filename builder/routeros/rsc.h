/* SPDX-License-Identifier: MIT
 *
 * rsc: the steps as text in RouterOS' script language, for `/import`: to
 * install a container, to replace it by another image, to remove it. Each may
 * be run again, after any interruption. docs/rsc.md says what they do.
 */
#ifndef ROUTEROS_RSC_H
#define ROUTEROS_RSC_H

#include "base/buf.h"
#include "routeros/steps.h"

#define RSC_MAX ((size_t)4 << 20) /* bytes */

enum rsc_kind { RSC_INSTALL, RSC_UPGRADE, RSC_REMOVE };

void rsc_write(struct buf *out, enum rsc_kind kind,
	const struct router_setup *setup, const struct router_steps *steps);

#endif
