/* bench_report.c - a run's figures as a table or as JSON. */
#include "tools/bench_report.h"

#include <assert.h>
#include <jansson.h>

void
bench_report_add(struct bench_report *report, const char *key,
    const char *words, double value, int digits)
{
	assert(report->n_figures < BENCH_FIGURES_MAX);
	report->figures[report->n_figures++] =
	    (struct bench_figure){ key, words, value, digits };
}

static void
print_table(const struct bench_report *report,
    const struct bench_options *options, FILE *out)
{
	(void)fprintf(out, "%s, %s: %u clients, %u senders, %u bytes",
	    options->protocol->name, options->scenario_name, options->n_clients,
	    options->n_senders, options->text_len);
	if (options->window > 0)
		(void)fprintf(out, ", window %u", options->window);
	if (options->scenario == BENCH_LATENCY)
		(void)fprintf(out, ", %g lines/s", options->rate);
	(void)fputc('\n', out);
	for (size_t i = 0; i < report->n_figures; i++)
		(void)fprintf(out, "%16.*f  %s\n", report->figures[i].digits,
		    report->figures[i].value, report->figures[i].words);
	if (report->was_limit)
		(void)fputs("chat-bench was itself the limit: the server may "
			    "be faster than this\n",
		    out);
	if (report->is_violated)
		(void)fprintf(out,
		    "%llu lost, %llu doubled, %llu reordered, %llu damaged\n",
		    (unsigned long long)report->faults.lost,
		    (unsigned long long)report->faults.doubled,
		    (unsigned long long)report->faults.reordered,
		    (unsigned long long)report->faults.damaged);
}

/* JSON -------------------------------------------------------------------- */

static json_t *
count(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *
figures(const struct bench_report *report)
{
	json_t *object = json_object();

	for (size_t i = 0; i < report->n_figures; i++)
		(void)json_object_set_new(object, report->figures[i].key,
		    json_real(report->figures[i].value));
	return object;
}

static int
print_json(const struct bench_report *report,
    const struct bench_options *options, FILE *out)
{
	json_t *object =
	    json_pack("{s:s s:s s:i s:i s:i s:i s:f s:f s:o s:b s:b s:s "
		      "s:{s:o s:o s:o s:o}}",
		"scenario", options->scenario_name, "protocol",
		options->protocol->name, "clients", (int)options->n_clients,
		"senders", (int)options->n_senders, "bytes",
		(int)options->text_len, "window", (int)options->window, "rate",
		options->rate, "seconds", options->seconds, "figures",
		figures(report), "was_limit", (int)report->was_limit,
		"violated", (int)report->is_violated, "wrong", report->wrong,
		"faults", "lost", count(report->faults.lost), "doubled",
		count(report->faults.doubled), "reordered",
		count(report->faults.reordered), "damaged",
		count(report->faults.damaged));
	int result;

	if (object == NULL)
		return -1;
	result =
	    json_dumpf(object, out, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
	json_decref(object);
	(void)fputc('\n', out);
	return result;
}

int
bench_report_print(const struct bench_report *report,
    const struct bench_options *options, FILE *out)
{
	int result = 0;

	if (options->json)
		result = print_json(report, options, out);
	else if (report->n_figures > 0)
		print_table(report, options, out);
	return fflush(out) == EOF || ferror(out) ? -1 : result;
}
