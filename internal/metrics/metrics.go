// Package metrics counts what the program does, for Prometheus and for the JSON view of the same
// figures. Labels are route patterns, methods, statuses and job kinds: never an id, never a person.
// Figures are of this process and of machine time.
package metrics

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"
)

// Registry holds every figure. Safe for concurrent use.
type Registry struct {
	prom     *prometheus.Registry
	latency  *prometheus.HistogramVec
	jobs     *prometheus.CounterVec
	depth    *prometheus.GaugeVec
	outside  *prometheus.GaugeVec
	returns  *prometheus.GaugeVec
	orders   *prometheus.GaugeVec
	erasures *prometheus.GaugeVec

	unmatched   *prometheus.GaugeVec
	differences *prometheus.CounterVec
	model       *prometheus.HistogramVec
	recent      recent

	// StripeSignatureFailures counts payment webhooks refused for their signature.
	StripeSignatureFailures prometheus.Counter
	// WhatsAppSignatureFailures counts message webhooks refused for their signature.
	WhatsAppSignatureFailures prometheus.Counter
	// ChatwootSignatureFailures counts Chatwoot's webhooks refused for their signature or token.
	ChatwootSignatureFailures prometheus.Counter
	// MessagesFailed counts outbound messages the channel could not deliver.
	MessagesFailed prometheus.Counter
	// HoldsWarned and HoldsExpired count what the sweep did.
	HoldsWarned  prometheus.Counter
	HoldsExpired prometheus.Counter
	// OrdersExpired counts orders that lapsed unpaid or unconfirmed.
	OrdersExpired prometheus.Counter
	// ArchiveFailures counts conversations that could not be archived and were left to the next run.
	ArchiveFailures prometheus.Counter
	// UrgentNotice is how many seconds of business time pass until a stylist can know of a visit today.
	UrgentNotice prometheus.Histogram
	// Reminders counts what became of reminders, by outcome: sent, confirmed, missed or failed.
	Reminders *prometheus.CounterVec
	// TemplateFailures counts templates that could not be sent, by reason.
	TemplateFailures *prometheus.CounterVec
	// VisitsMovedLate and VisitsCancelledLate count what customers did inside the notice: kept for the
	// salon, or lost.
	VisitsMovedLate     prometheus.Counter
	VisitsCancelledLate prometheus.Counter
	// ReturnsRefused counts returns that were asked for in vain, by the code of why, and returns that staff
	// rejected.
	ReturnsRefused *prometheus.CounterVec
	// JobsRescued counts jobs taken back from a process that died.
	JobsRescued prometheus.Counter
}

// New makes an empty registry.
func New() *Registry {
	r := &Registry{
		prom: prometheus.NewRegistry(),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Help: "Time to answer a request, by route, method and status.",
			Buckets: []float64{.005, .01, .025, .05, .1, .2, .3, .5, .8, 1, 2, 5, 10},
		}, []string{"method", "route", "status"}),
		jobs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jobs_worked_total", Help: "Jobs worked, by kind and outcome.",
		}, []string{"kind", "outcome"}),
		model: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "model_question_seconds", Help: "Time that asking the language model took, by what it came to.",
			Buckets: []float64{.1, .25, .5, 1, 2, 3, 4, 5, 10},
		}, []string{"outcome"}),
		depth: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "jobs", Help: "Jobs in the queue, by state.",
		}, []string{"state"}),
		outside: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "calendars", Help: "Stylists' calendars outside: how many were not read for long (stale), and changes of visits on their way there (pending) or given up (lost).",
		}, []string{"what"}),
		returns: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "returns_by_status", Help: "Returns, by where they stand.",
		}, []string{"status"}),
		orders: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "orders_by_status", Help: "Orders, by where they stand.",
		}, []string{"status"}),
		erasures: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "erasures_in_trouble", Help: "Erasures of people that somebody is to look at: something is left (failed), or their contact is still known in Chatwoot (chatwoot).",
		}, []string{"why"}),
		unmatched: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "reconciliation_open", Help: "Things that do not match between the payment provider and our books, and that nobody has explained, by kind.",
		}, []string{"kind"}),
		differences: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "reconciliation_differences", Help: "Things found not to match between the payment provider and our books, by kind.",
		}, []string{"kind"}),
		ReturnsRefused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "returns_rejected", Help: "Returns that were refused as they were asked for, by code, or rejected by staff.",
		}, []string{"why"}),
		StripeSignatureFailures:   counter("stripe_signature_failures", "Payment webhooks refused for their signature."),
		WhatsAppSignatureFailures: counter("whatsapp_signature_failures", "Message webhooks refused for their signature."),
		ChatwootSignatureFailures: counter("chatwoot_signature_failures", "Chatwoot's webhooks refused for their signature or token."),
		MessagesFailed:            counter("messages_failed", "Outbound messages the channel could not deliver."),
		HoldsWarned:               counter("holds_warned", "Customers warned that their hold is about to end."),
		HoldsExpired:              counter("holds_expired", "Holds that ended without a deposit."),
		OrdersExpired:             counter("orders_expired", "Orders that lapsed before they were paid or confirmed."),
		ArchiveFailures:           counter("archive_failures", "Silent conversations that could not be archived, each time one was left to the next run."),
		Reminders: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "reminders", Help: "Reminders of visits, by what became of them.",
		}, []string{"outcome"}),
		TemplateFailures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "template_resolve_failures", Help: "Templates that could not be sent: none in use (no_template), or a value without a fact (no_fact).",
		}, []string{"reason"}),
		JobsRescued:         counter("jobs_rescued", "Jobs taken back from a process that died."),
		VisitsMovedLate:     counter("visits_moved_inside_notice", "Visits that customers moved with too little notice to get their deposit back."),
		VisitsCancelledLate: counter("visits_cancelled_inside_notice", "Visits that customers cancelled with too little notice to get their deposit back."),
	}
	r.UrgentNotice = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "urgent_notice_seconds", Help: "Time from a visit booked for today to the first channel that took its notice.",
		Buckets: []float64{1, 5, 15, 30, 60, 90, 120, 300},
	})
	for _, reason := range []string{"no_template", "no_fact"} { // so that nothing yet is a nought, and not a gap
		r.TemplateFailures.WithLabelValues(reason)
	}
	r.prom.MustRegister(r.VisitsMovedLate, r.VisitsCancelledLate, r.returns, r.ReturnsRefused, r.orders, r.OrdersExpired, r.erasures, r.unmatched, r.differences)
	r.prom.MustRegister(r.UrgentNotice, r.latency, r.jobs, r.depth, r.outside, r.StripeSignatureFailures, r.WhatsAppSignatureFailures, r.ChatwootSignatureFailures,
		r.MessagesFailed, r.HoldsWarned, r.HoldsExpired, r.Reminders, r.TemplateFailures, r.ArchiveFailures, r.JobsRescued,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
}

// Request notes an answered request. route is the pattern, never the path.
func (r *Registry) Request(method, route string, status int, took time.Duration) {
	said := strconv.Itoa(status)
	r.latency.WithLabelValues(method, route, said).Observe(took.Seconds())
	r.recent.note(method+" "+route+" "+said, took)
}

// ModelAsked notes that the language model was asked, what it came to and how long it took (R-1311).
func (r *Registry) ModelAsked(outcome string, took time.Duration) {
	r.model.WithLabelValues(outcome).Observe(took.Seconds())
}

// Job notes a worked job.
func (r *Registry) Job(kind, outcome string) { r.jobs.WithLabelValues(kind, outcome).Inc() }

// Jobs notes how many jobs are in each state.
func (r *Registry) Jobs(byState map[string]int) {
	r.depth.Reset()
	for state, n := range byState {
		r.depth.WithLabelValues(state).Set(float64(n))
	}
}

// Calendars notes how far the stylists' calendars outside are behind.
func (r *Registry) Calendars(stale, pending, lost int) {
	r.outside.WithLabelValues("stale").Set(float64(stale))
	r.outside.WithLabelValues("pending").Set(float64(pending))
	r.outside.WithLabelValues("lost").Set(float64(lost))
}

// Erasures notes how many erasures need somebody to look after them (R-1015).
func (r *Registry) Erasures(failed, chatwoot int) {
	r.erasures.WithLabelValues("failed").Set(float64(failed))
	r.erasures.WithLabelValues("chatwoot").Set(float64(chatwoot))
}

// Differences notes how many things do not match between the payment provider and our books, by kind.
func (r *Registry) Differences(open map[string]int) {
	r.unmatched.Reset()
	for kind, n := range open {
		r.unmatched.WithLabelValues(kind).Set(float64(n))
	}
}

// Orders notes how many orders stand where.
func (r *Registry) Orders(byStatus map[string]int) {
	for status, n := range byStatus {
		r.orders.WithLabelValues(status).Set(float64(n))
	}
}

// Returns notes how many returns stand where.
func (r *Registry) Returns(byStatus map[string]int) {
	for status, n := range byStatus {
		r.returns.WithLabelValues(status).Set(float64(n))
	}
}

// Prometheus writes every figure in the text format of Prometheus.
func (r *Registry) Prometheus() ([]byte, error) {
	families, err := r.prom.Gather()
	if err != nil {
		return nil, fmt.Errorf("gather metrics: %w", err)
	}
	var out bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&out, f); err != nil {
			return nil, fmt.Errorf("write metrics: %w", err)
		}
	}
	return out.Bytes(), nil
}

// Count adds one to the counter of a name that a rule gave; unknown names count nothing.
func (r *Registry) Count(name string) {
	switch name {
	case "messages_failed":
		r.MessagesFailed.Inc()
	case "visits_moved_inside_notice":
		r.VisitsMovedLate.Inc()
	case "visits_cancelled_inside_notice":
		r.VisitsCancelledLate.Inc()
	}
	if reason, ok := strings.CutPrefix(name, "template_unresolved_"); ok {
		r.TemplateFailures.WithLabelValues(reason).Inc()
	}
	if outcome, ok := strings.CutPrefix(name, "reminder_"); ok {
		r.Reminders.WithLabelValues(outcome).Inc()
	}
	if kind, ok := strings.CutPrefix(name, "difference_"); ok {
		r.differences.WithLabelValues(kind).Inc()
	}
	if why, ok := strings.CutPrefix(name, "return_rejected_"); ok {
		r.ReturnsRefused.WithLabelValues(why).Inc()
	}
}
