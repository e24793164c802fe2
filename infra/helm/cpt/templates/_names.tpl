{{- define "cpt.services" -}}
intake enrollment-sync review notifier
{{- end }}

{{- define "cpt.name" -}}
{{ .root.Release.Name }}-{{ .service }}-{{ .kind }}
{{- end }}

{{/* What selectors hold on to: it may never change. */}}
{{- define "cpt.selector" -}}
app.kubernetes.io/name: cpt
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}-{{ .kind }}
{{- end }}

{{- define "cpt.podLabels" -}}
{{ include "cpt.selector" . }}
cpt.umass.edu/process: {{ .kind }}
app.kubernetes.io/version: {{ .root.Values.image.tag | toString | trunc 63 | quote }}
{{- end }}

{{- define "cpt.labels" -}}
{{ include "cpt.podLabels" . }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* Objects that a job needs before the release exists: made again for each run, removed when all jobs of it succeeded. */}}
{{- define "cpt.hook" -}}
helm.sh/hook: {{ .when }}
helm.sh/hook-weight: {{ .weight | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
