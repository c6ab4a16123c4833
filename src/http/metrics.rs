//! Counts and durations by route template, in Prometheus' text format. No id, no name, no value of
//! a request.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What one route template did.
#[derive(Debug, Default, Clone)]
struct Tally {
    statuses: BTreeMap<u16, u64>,
    /// By [`BOUNDS`], not cumulated; the last holds what is slower than all.
    buckets: [u64; BOUNDS.len() + 1],
    seconds: f64,
}

/// Everything counted since the start.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<BTreeMap<(&'static str, &'static str), Tally>>);

impl Metrics {
    /// Counts one answer. `path` is the template, never the path as sent.
    pub fn count(&self, method: &'static str, path: &'static str, status: u16, took: Duration) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tally = all.entry((path, method)).or_default();
        *tally.statuses.entry(status).or_default() += 1;
        let seconds = took.as_secs_f64();
        let bucket = BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len());
        tally.buckets[bucket] += 1;
        tally.seconds += seconds;
    }

    /// All of it as text, with the number of requests under way and the ends of the processes that
    /// read foreign files.
    pub fn text(&self, under_way: usize, inspections: &[(&str, u64)]) -> String {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut text = String::new();
        // Writing to a string can't fail.
        let _ = writes(&mut text, &all, under_way);
        let _ = inspected(&mut text, inspections);
        text
    }
}

fn writes(
    text: &mut String,
    all: &BTreeMap<(&'static str, &'static str), Tally>,
    under_way: usize,
) -> std::fmt::Result {
    writeln!(text, "# TYPE spo_work_under_way gauge\nspo_work_under_way {under_way}")?;
    writeln!(text, "# TYPE spo_http_requests_total counter")?;
    for ((path, method), tally) in all {
        for (status, count) in &tally.statuses {
            let labels = format!("route=\"{path}\",method=\"{method}\",status=\"{status}\"");
            writeln!(text, "spo_http_requests_total{{{labels}}} {count}")?;
        }
    }
    writeln!(text, "# TYPE spo_http_request_seconds histogram")?;
    for ((path, method), tally) in all {
        let labels = format!("route=\"{path}\",method=\"{method}\"");
        let mut count = 0;
        for (index, bucket) in tally.buckets.iter().enumerate() {
            count += bucket;
            let bound = BOUNDS.get(index).map_or("+Inf".to_owned(), f64::to_string);
            writeln!(text, "spo_http_request_seconds_bucket{{{labels},le=\"{bound}\"}} {count}")?;
        }
        writeln!(text, "spo_http_request_seconds_sum{{{labels}}} {}", tally.seconds)?;
        writeln!(text, "spo_http_request_seconds_count{{{labels}}} {count}")?;
    }
    Ok(())
}

fn inspected(text: &mut String, inspections: &[(&str, u64)]) -> std::fmt::Result {
    writeln!(text, "# TYPE spo_inspections_total counter")?;
    for (ended, count) in inspections {
        writeln!(text, "spo_inspections_total{{ended=\"{ended}\"}} {count}")?;
    }
    Ok(())
}

/// Upper bounds of the histogram, in seconds.
const BOUNDS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_durations_stand_by_template() {
        let metrics = Metrics::default();
        metrics.count("GET", "/v1/orders/{id}", 200, Duration::from_millis(2));
        metrics.count("GET", "/v1/orders/{id}", 404, Duration::from_secs(20));
        let text = metrics.text(3, &[("died", 2)]);
        let order = "{route=\"/v1/orders/{id}\",method=\"GET\"";
        for line in [
            "spo_work_under_way 3".to_owned(),
            "spo_inspections_total{ended=\"died\"} 2".to_owned(),
            format!("spo_http_requests_total{order},status=\"404\"}} 1"),
            format!("spo_http_request_seconds_bucket{order},le=\"0.001\"}} 0"),
            format!("spo_http_request_seconds_bucket{order},le=\"10\"}} 1"),
            format!("spo_http_request_seconds_bucket{order},le=\"+Inf\"}} 2"),
            format!("spo_http_request_seconds_count{order}}} 2"),
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
