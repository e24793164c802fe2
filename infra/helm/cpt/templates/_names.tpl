{{- define "cpt.services" -}}
intake enrollment-sync review notifier
{{- end }}

{{/* What every name of this installation begins with. */}}
{{- define "cpt.fullname" -}}
{{ .Values.fullnameOverride | default .Release.Name }}
{{- end }}

{{- define "cpt.name" -}}
{{ include "cpt.fullname" .root }}-{{ .service }}-{{ .kind }}
{{- end }}

{{/* As `processes` in the values calls it: a service with its kind, or the kind alone of what is no service's own. */}}
{{- define "cpt.process" -}}
{{ ternary (printf "%s-%s" .service .kind) .kind (has .kind (list "web" "worker")) }}
{{- end }}

{{/* All pods of this installation. What selectors hold on to may never change. */}}
{{- define "cpt.installation" -}}
app.kubernetes.io/name: {{ .Values.nameOverride | default "cpt" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "cpt.selector" -}}
{{ include "cpt.installation" .root }}
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
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Labels and annotations of an object; `annotations` are its own, `hook` when a hook runs and in which order. */}}
{{- define "cpt.meta" -}}
labels: {{- include "cpt.labels" . | nindent 2 }}
  {{- with .labels }}{{ toYaml . | nindent 2 }}{{ end }}
{{- $annotations := merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
{{- with .hook }}
{{- /* Made again for each run, removed when all jobs of it succeeded. */}}
{{- $annotations = merge (dict "helm.sh/hook" .when "helm.sh/hook-weight" .weight "helm.sh/hook-delete-policy" "before-hook-creation,hook-succeeded") $annotations }}
{{- end }}
{{- with $annotations }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
