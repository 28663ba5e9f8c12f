/* SPDX-License-Identifier: MIT
 *
 * report_decode: the table of a report, for the check of its manual.
 */
#ifndef SPEC_REPORT_DECODE_H
#define SPEC_REPORT_DECODE_H

#include "spec/decode.h"

extern const struct table report_table;

#endif
