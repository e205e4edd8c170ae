// Package claude asks a language model one question at a time, through Claude's Messages API with one
// tool that it must use. It owns the wire, the time-out, the breaker and the price of a call. It knows no
// rule, keeps nothing of what was asked or answered, never retries (whoever asks has a fallback), and is
// never called inside a database transaction.
package claude

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"

	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
)

// Config of the client. Zero values take the defaults in brackets. Durations are machine time.
type Config struct {
	BaseURL string // empty: Claude itself
	Key     string
	Model   string        // "claude-haiku-4-5"
	Timeout time.Duration // [5s] of a whole call (R-1311)
	// Prices in micro-units of the account's currency for a million tokens; they make Answer.CostMicros.
	InputPrice, OutputPrice int64
	// BreakerThreshold failures in a row [3] open the breaker for BreakerCooldown [30s].
	BreakerThreshold uint32
	BreakerCooldown  time.Duration
}

// Client asks. Safe for concurrent use.
type Client struct {
	api     anthropic.Client
	cfg     Config
	breaker *redisstore.Breaker
}

// Tool is what the model must answer with: an object of these properties (JSON Schema).
type Tool struct {
	Name        string
	Description string
	Properties  map[string]any
	Required    []string
}

// Question is one call. System is the same for many calls and may be kept by the provider; Text is not.
type Question struct {
	System string
	Text   string
	Tool   Tool
}

// Answer is what the model filled the tool with, and what it cost.
type Answer struct {
	Input        json.RawMessage
	InputTokens  int64
	OutputTokens int64
	CostMicros   int64
}

// answerTokens bounds an answer: a meaning is a few dozen words.
const answerTokens = 600

// Failures that are not the provider's own words. None of them ever carries what was asked.
var (
	ErrAway          = errors.New("the model cannot be asked")   // no answer in time, refused, overloaded, breaker open
	ErrNonsense      = errors.New("the model answered nonsense") // no tool use, or none that can be read
	ErrKey           = errors.New("the key is refused")          // by Check
	ErrModel         = errors.New("there is no such model")      // likewise
	ErrInTransaction = errors.New("call to the model inside a database transaction")
)

// New makes a client. It calls nobody.
func New(cfg Config) *Client {
	cfg.Timeout = cmp.Or(cfg.Timeout, 5*time.Second)
	terms := redisstore.BreakerTerms{Failures: cmp.Or(cfg.BreakerThreshold, 3), Pause: cmp.Or(cfg.BreakerCooldown, 30*time.Second)}
	options := []option.RequestOption{
		option.WithoutEnvironmentDefaults(), option.WithAPIKey(cfg.Key), option.WithMaxRetries(0),
		option.WithHTTPClient(&http.Client{
			Timeout: cfg.Timeout,
			// A redirect would take the key to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}),
	}
	if cfg.BaseURL != "" {
		options = append(options, option.WithBaseURL(strings.TrimRight(cfg.BaseURL, "/")+"/"))
	}
	return &Client{api: anthropic.NewClient(options...), cfg: cfg, breaker: redisstore.NewBreaker("claude", terms)}
}

// Check tells whether the key and the model's name would do. It asks for the model's description: that costs
// nothing, and nothing is read. Errors: ErrKey, ErrModel, ErrAway.
func (c *Client) Check(ctx context.Context) error {
	_, err := c.api.Models.Get(ctx, c.cfg.Model, anthropic.ModelGetParams{})
	var refused *anthropic.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && (refused.StatusCode == http.StatusUnauthorized || refused.StatusCode == http.StatusForbidden):
		return ErrKey
	case errors.As(err, &refused) && refused.StatusCode == http.StatusNotFound:
		return ErrModel
	default:
		return failed(err)
	}
}

// Breaker keeps callers from a model that does not answer, or answers nonsense.
func (c *Client) Breaker() *redisstore.Breaker { return c.breaker }

// outage is the code under which a failure counts. All do: nobody waits for a model that is of no use.
func outage(err error) string {
	if errors.Is(err, ErrNonsense) {
		return "unreadable_answer"
	}
	return "no_answer"
}

// Ask asks within the time-out, through the breaker. Errors: ErrAway, ErrNonsense, ErrInTransaction.
func (c *Client) Ask(ctx context.Context, q Question) (Answer, error) {
	if database.InTransaction(ctx) {
		return Answer{}, ErrInTransaction
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	answer, err := redisstore.Call(ctx, c.breaker, outage, func() (Answer, error) { return c.ask(ctx, q) })
	if errors.Is(err, redisstore.ErrOpen) {
		return Answer{}, fmt.Errorf("%w: %w", ErrAway, err)
	}
	return answer, err
}

func (c *Client) ask(ctx context.Context, q Question) (Answer, error) {
	said, err := c.api.Messages.New(ctx, anthropic.MessageNewParams{
		Model:     anthropic.Model(c.cfg.Model),
		MaxTokens: answerTokens,
		System:    []anthropic.TextBlockParam{{Text: q.System, CacheControl: anthropic.NewCacheControlEphemeralParam()}},
		Messages:  []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock(q.Text))},
		Tools: []anthropic.ToolUnionParam{{OfTool: &anthropic.ToolParam{
			Name: q.Tool.Name, Description: anthropic.String(q.Tool.Description),
			InputSchema: anthropic.ToolInputSchemaParam{Properties: q.Tool.Properties, Required: q.Tool.Required},
		}}},
		ToolChoice: anthropic.ToolChoiceParamOfTool(q.Tool.Name),
	})
	if err != nil {
		return Answer{}, failed(err)
	}
	for _, block := range said.Content {
		if block.Type == "tool_use" && block.Name == q.Tool.Name && json.Valid(block.Input) {
			return c.priced(Answer{Input: block.Input, InputTokens: said.Usage.InputTokens, OutputTokens: said.Usage.OutputTokens}), nil
		}
	}
	return Answer{}, ErrNonsense
}

// failed says what went wrong in our own words: the provider's may quote what was asked.
func failed(err error) error {
	var refused *anthropic.Error
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.As(err, &refused):
		return fmt.Errorf("%w: status %d", ErrAway, refused.StatusCode)
	case errors.As(err, &syntax):
		return ErrNonsense
	default:
		return ErrAway
	}
}

func (c *Client) priced(a Answer) Answer {
	a.CostMicros = (a.InputTokens*c.cfg.InputPrice + a.OutputTokens*c.cfg.OutputPrice) / 1_000_000
	return a
}
