// Package metrics counts what the program does, for Prometheus and for the JSON view of the same
// figures. Labels are route patterns, methods, statuses and job kinds: never an id, never a person.
// Figures are of this process and of machine time.
package metrics

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"
)

// Registry holds every figure. Safe for concurrent use.
type Registry struct {
	prom    *prometheus.Registry
	latency *prometheus.HistogramVec
	jobs    *prometheus.CounterVec
	depth   *prometheus.GaugeVec
	recent  recent

	// StripeSignatureFailures counts payment webhooks refused for their signature.
	StripeSignatureFailures prometheus.Counter
	// WhatsAppSignatureFailures counts message webhooks refused for their signature.
	WhatsAppSignatureFailures prometheus.Counter
	// MessagesFailed counts outbound messages the channel could not deliver.
	MessagesFailed prometheus.Counter
	// HoldsWarned and HoldsExpired count what the sweep did.
	HoldsWarned  prometheus.Counter
	HoldsExpired prometheus.Counter
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
		depth: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "jobs", Help: "Jobs in the queue, by state.",
		}, []string{"state"}),
		StripeSignatureFailures:   counter("stripe_signature_failures", "Payment webhooks refused for their signature."),
		WhatsAppSignatureFailures: counter("whatsapp_signature_failures", "Message webhooks refused for their signature."),
		MessagesFailed:            counter("messages_failed", "Outbound messages the channel could not deliver."),
		HoldsWarned:               counter("holds_warned", "Customers warned that their hold is about to end."),
		HoldsExpired:              counter("holds_expired", "Holds that ended without a deposit."),
		JobsRescued:               counter("jobs_rescued", "Jobs taken back from a process that died."),
	}
	r.prom.MustRegister(r.latency, r.jobs, r.depth, r.StripeSignatureFailures, r.WhatsAppSignatureFailures,
		r.MessagesFailed, r.HoldsWarned, r.HoldsExpired, r.JobsRescued,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
}

// Request notes an answered request. route is the pattern, never the path.
func (r *Registry) Request(method, route string, status int, took time.Duration) {
	r.latency.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
	r.recent.note(fmt.Sprintf("%s %s %d", method, route, status), took)
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
	if name == "messages_failed" {
		r.MessagesFailed.Inc()
	}
}
