/* SPDX-License-Identifier: MIT */
#include "cmd/check_document.h"

#include <stdlib.h>
#include <string.h>

#include "build/version.h"
#include "cmd/report_check.h"
#include "io/outfile.h"

static int choose_format(struct check_document *document,
	const struct request *request, struct error *err)
{
	document->format = request->check_format;
	if (document->format == CHECK_UNASKED)
		document->format = request->json ? CHECK_JSON : CHECK_TEXT;
	if (!request->json || document->format == CHECK_JSON)
		return 0;
	return error_set(err, ERROR_USAGE,
		"check: --json and another --format: choose one of them");
}

int check_document_init(struct check_document *document,
	const struct request *request, struct error *err)
{
	memset(document, 0, sizeof(*document));
	if (choose_format(document, request, err))
		return -1;
	document->path = request->check_file;
	if (routeros_version_is_set(&request->routeros))
		document->asked = &request->routeros;
	document->items = json_array();
	document->artifacts = json_array();
	check_results_init(&document->results);
	document->out = stdout;
	if (document->path && document->format == CHECK_TEXT)
		document->out =
			open_memstream(&document->text, &document->size);
	if (document->out)
		return 0;
	check_document_release(document);
	return error_errno(err, "check: text in memory");
}

void check_document_release(struct check_document *document)
{
	if (document->out && document->out != stdout)
		fclose(document->out);
	free(document->text);
	json_decref(document->items);
	json_decref(document->artifacts);
	check_results_release(&document->results);
}

void check_document_add(
	struct check_document *document, const struct check *check)
{
	const struct routeros_version *asked = document->asked;

	document->nerrors +=
		findings_rules(&check->findings, CHECK_ERROR, asked);
	if (document->format == CHECK_TEXT) {
		/* An empty line between one file and the next. */
		if (document->nfiles)
			fputc('\n', document->out);
		check_print(document->out, check, asked);
	} else if (document->format == CHECK_JSON) {
		json_array_append_new(
			document->items, check_json(check, asked));
	} else {
		check_results_make(&document->results, check, asked);
		if (document->format == CHECK_SARIF)
			check_sarif_add(document, check);
		else
			check_codeclimate_add(document, check);
	}
	document->nfiles++;
}

static json_t *whole(struct check_document *document)
{
	switch (document->format) {
	case CHECK_JSON:
		return json_pack("{s:O}", "files", document->items);
	case CHECK_SARIF:
		return check_sarif(document, alpbuild_docs());
	default:
		return json_incref(document->items);
	}
}

static int write_text(struct check_document *document, struct error *err)
{
	if (!document->path)
		return 0;
	if (fflush(document->out))
		return error_errno(err, "check: text in memory");
	return outfile_write(
		document->path, document->text, document->size, err);
}

int check_document_write(struct check_document *document, struct error *err)
{
	SCOPED_FREE char *line = NULL;
	char *text;
	json_t *json;

	if (document->format == CHECK_TEXT)
		return write_text(document, err);
	json = whole(document);
	if (!document->path) {
		report_json(json);
		return 0;
	}
	text = json_dumps(json, JSON_INDENT(2));
	json_decref(json);
	if (!text)
		memory_fail();
	line = memory_printf("%s\n", text);
	free(text);
	return outfile_write(document->path, line, strlen(line), err);
}
