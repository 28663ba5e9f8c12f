/* SPDX-License-Identifier: MIT
 *
 * How an archive is put together from what lies on the disk, so that a
 * program can do just that and nothing else. recipe.c makes it from an
 * archive that alpbuild wrote; floor.c follows it. It is a folder:
 *
 *	literals  bytes that are no file's content: headers, padding, JSON,
 *		  and what alpbuild makes itself
 *	steps     lines: L offset size (of literals) | D offset size (of
 *		  the input, a tar or several) | F size path | H hex (from
 *		  here on to T the layer, whose SHA-256 this is) | T
 */
#ifndef BENCH_RECIPE_H
#define BENCH_RECIPE_H

#define RECIPE_LITERALS "literals"
#define RECIPE_STEPS "steps"
#define STEP_LITERAL 'L'
#define STEP_DATA 'D'
#define STEP_FILE 'F'
#define STEP_LAYER 'H'
#define STEP_TAIL 'T'

#endif
